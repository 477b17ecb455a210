export * from './message-context.js';
export { createPublisher, type Publisher, type PublisherSettings } from './publisher.js';
export * from './refusals.js';
export { OnMessage } from './on-message.js';
export * from './topics.js';
export * from './windowed-kafka-strategy.js';
export { DEAD_HEADERS } from './dead-letter.js';
export * from './group-flush.js';
export * from './chunk-by-bytes.js';
