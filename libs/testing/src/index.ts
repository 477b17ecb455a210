export * from './real-parts.js';
export * from './eventually.js';
