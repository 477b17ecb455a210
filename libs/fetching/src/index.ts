export * from './runtime/ask.js';
export type { RuntimeLog } from './runtime/runtime-log.js';
export type { RuntimeSettings } from './runtime/runtime-settings.js';
export { createAskRuntime, type AskRuntime } from './runtime/ask-runtime.js';
export { CallWindow, failedOf, OTHER_KEYS, type KeyStat, type WindowReading } from './health/call-window.js';
export type { SeenCall } from './health/seen-call.js';
export { PARKED_AFTER_MS } from './runtime/flight.js';
export { expressFirst } from './runtime/express-first.js';
export type { GiveWay } from './governor/governor-settings.js';
export { shareAnswers, type SharedAnswers } from './runtime/shared-answers.js';
export * from './answers/answer-key.js';
export * from './answers/answer-store.js';
export { KEPT_STATES, PermitDesk } from './permits/permit-desk.js';
export { postgresPermits } from './permits/postgres-permits.js';
export type { PermitState, WindowState } from './permits/permit-state.js';
export { postgresBreakers } from './breakers/breaker-table.js';
export { SharedBreakers } from './breakers/shared-breakers.js';
export { postgresAnswers } from './answers/postgres-answers.js';
export type { QueryPort } from './answers/query-port.js';
export { WorkerBeat, type BeatSettings } from './buying/worker-beat.js';
export * from './buying/purchase-store.js';
export type { Charged } from './buying/charged.js';
export * from './calls/conversation.js';
export { MAX_SHARED_BYTES, SharedReplies } from './calls/shared-replies.js';
export { metricTable, checkFinding, type MetricTable } from './calls/check-finding.js';
export { MOST_IN_TROUBLE } from './governor/limit-keys.js';
export { MOST_KEPT_ANSWERS, MOST_KEPT_BYTES } from './answers/kept-answers.js';
export { MOST_KEPT_FAILURES } from './answers/kept-failures.js';
export {
  createTransport,
  MAX_FOREIGN_POOLS,
  MAX_OWN_POOLS,
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
