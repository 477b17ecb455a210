export * from './provider.js';
export * from './registry.js';
export * from './provider-settings.js';
export * from './unit-of.js';
export * from './registrable-domain.js';
export * from './built-in.js';
export * from './cell-schema.js';
export { msToPacificMidnight } from './pacific-midnight.js';
export { callsLikely, callsPaid, requestsOf, sendsNothing } from './requests-of.js';
