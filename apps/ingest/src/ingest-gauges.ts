import type { Server } from 'node:http';
import { queueGauges } from '@assay/telemetry';
import type { Dispatcher } from './dispatch/dispatcher.js';
import { MOST_SENDING } from './dispatch/outbox.js';
import type { PlanSubmission } from './plan/plan-submission.js';
import { MOST_CHUNK_BYTES } from './spool/spool.js';
import { MOST_OPEN, type SubmitUrls } from './submit-urls.js';

/** Sockets of ingest: each may hold 64 KB of a body that was not read yet. */
export const MOST_CONNECTIONS = 1_000;

export interface Measured {
  readonly urls: SubmitUrls;
  readonly dispatcher: Dispatcher;
  readonly plans: PlanSubmission;
  readonly uploadsAtOnce: number;
  readonly connections: () => number;
}

/** Gauges of what ingest holds; each of what it returns ends one. */
export function measureIngest({ urls, dispatcher, plans, uploadsAtOnce, connections }: Measured) {
  const gauge = (queue: string, bound: number, read: () => number) =>
    queueGauges.add(`ingest.${queue}`, bound, read);
  return [
    gauge('connections', MOST_CONNECTIONS, connections),
    gauge('uploads', uploadsAtOnce, () => urls.uploading),
    // One chunk gathers while another is written.
    gauge('spool_bytes', uploadsAtOnce * 2 * MOST_CHUNK_BYTES, () => urls.spooledBytes),
    // Whoever was let in while there was room may be one more.
    gauge('open_submissions', MOST_OPEN + uploadsAtOnce, () => dispatcher.openCount),
    gauge('sending', MOST_SENDING, () => dispatcher.sending),
    gauge('plans', plans.turns.bound, () => plans.turns.held),
  ];
}

/** Refuses sockets beyond the bound, and counts the others. */
export function boundConnections(server: Server, most: number): () => number {
  let open = 0;
  server.maxConnections = most;
  server.on('connection', (socket) => {
    open++;
    socket.once('close', () => open--);
  });
  return () => open;
}
