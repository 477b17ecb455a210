export * from './real-parts.js';
export * from './eventually.js';
export { testCacheFolder } from './testing.config.js';
