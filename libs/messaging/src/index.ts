export * from './message-context.js';
export * from './publisher.js';
export * from './topics.js';
export * from './windowed-kafka-strategy.js';
export * from './group-flush.js';
export * from './chunk-by-bytes.js';
