export * from './kafka.js';
export * from './postgres.js';
export * from './free-port.js';
export * from './folders.js';
