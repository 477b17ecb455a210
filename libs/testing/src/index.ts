export * from './real-parts.js';
export * from './eventually.js';
export * from './refuse-writes.js';
export { testCacheFolder } from './testing.config.js';
