export * from './numbers-by-ask.js';
export * from './quality.js';
export * from './quality-signals.js';
export * from './spam.js';
export type { SpamInput } from './spam-signal.js';
