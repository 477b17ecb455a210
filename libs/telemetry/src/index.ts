export * from './logger.js';
export * from './run-service.js';
export * from './queue-gauges.js';
export * from './queue-text.js';
export * from './health.js';
export * from './health-server.js';
export { PartWatch, type Probe } from './part-watch.js';
