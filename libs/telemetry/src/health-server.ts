import { createServer, type Server } from 'node:http';
import type { Health } from './health.js';
import { queueGauges } from './queue-gauges.js';
import { QUEUE_TEXT_TYPE, queueText } from './queue-text.js';

export interface HealthAnswer {
  readonly status: 200 | 503;
  readonly body: object;
}

/** Parts away come back by themselves; a load balancer need not ask more often. Seconds. */
export const READY_RETRY_AFTER_S = 5;

/**
 * GET /health/live: 200 as long as this process turns. GET /health/ready: 200, or 503 while a part is missing;
 * `?parts=postgres` asks for that one alone. Undefined for another address.
 */
export function answerHealth(health: Health, url: string): HealthAnswer | undefined {
  const [path, query = ''] = url.split('?');
  if (path === '/health/live') return { status: 200, body: { status: 'live' } };
  if (path !== '/health/ready') return undefined;
  const only = new URLSearchParams(query).get('parts');
  const body = health.view(only ? only.split(',') : undefined);
  return { status: body.status === 'ready' ? 200 : 503, body };
}

/** Answers /health/live and /health/ready as `answerHealth` does, and /metrics: the queues of this process alone. */
export function answerQuiet(health: Health, url: string) {
  if (url.split('?')[0] === '/metrics') {
    const text = queueText([{ service: health.service, queues: queueGauges.read() }]);
    return { status: 200, type: QUEUE_TEXT_TYPE, text };
  }
  const { status, body } = answerHealth(health, url) ?? { status: 404, body: { status: THERE_ARE } };
  return { status, type: 'application/json', text: JSON.stringify(body) };
}

const THERE_ARE = 'there are /health/live, /health/ready and /metrics';

/** For services that serve nothing else. Resolves when it listens; undefined where `port` is 0. */
export async function serveHealth(
  health: Health,
  port: number,
  host: string,
): Promise<{ readonly port: number; close(): void } | undefined> {
  if (port === 0) return undefined;
  const server = createServer((request, response) => {
    const { status, type, text } = answerQuiet(health, request.url ?? '');
    const retry = status === 503 ? { 'retry-after': String(READY_RETRY_AFTER_S) } : {};
    response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', ...retry });
    response.end(text);
  });
  await listening(server, port, host);
  // It must not keep a process that is to end.
  server.unref();
  return { port, close: () => (server.close(), server.closeAllConnections()) };
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
}
