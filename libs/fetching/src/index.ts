export * from './runtime/ask.js';
export type { RuntimeLog, RuntimeSettings } from './runtime/runtime-settings.js';
export { createAskRuntime, type AskRuntime } from './runtime/ask-runtime.js';
export { PARKED_AFTER_MS } from './runtime/flight.js';
export { expressFirst } from './runtime/express-first.js';
export type { GiveWay } from './governor/governor.js';
export { shareAnswers, type SharedAnswers } from './runtime/shared-answers.js';
export * from './answers/answer-key.js';
export * from './answers/answer-store.js';
export { postgresAnswers, type QueryPort } from './answers/postgres-answers.js';
export * from './calls/conversation.js';
export { SharedReplies } from './calls/shared-replies.js';
export { metricTable, checkFinding, type MetricTable } from './calls/check-finding.js';
export {
  createTransport,
  type SendOptions,
  type Transport,
  type TransportSettings,
} from './transport/transport.js';
export { readLead, type LeadSettings } from './transport/lead.js';
export type { Lead, OpenedSocket } from './transport/dialer.js';
export { isPublicAddress } from './transport/public-address.js';
export { resolveAt, resolveBySystem, type ResolveName } from './transport/resolve-name.js';
export { redactUrl } from './transport/transport-failure.js';
export { createHttpClient } from './http-client.js';
