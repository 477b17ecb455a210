export * from './logger.js';
export * from './run-service.js';
export * from './queue-gauges.js';
export * from './queue-text.js';
