import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  questionKey,
  type Finding,
  type ProviderReply,
  type Provider,
  type SingleStep,
  type ProviderDefinition,
} from '@assay/providers';
import type { OpenedSocket } from '../transport/dialer.js';
import { createTransport, type Transport } from '../transport/transport.js';

/** Any address on the public internet: the check lets it pass, and the lead takes its place. */
export const PUBLIC_ADDRESS = '93.184.216.34';

export interface Stub {
  readonly port: number;
  readonly transport: Transport;
  readonly sockets: OpenedSocket[];
  /** Bodies of all requests so far. */
  readonly calls: { path: string; units: string[] }[];
  /** How the next requests are answered. */
  answer: (request: IncomingMessage, response: ServerResponse, units: string[]) => void;
  stop(): Promise<void>;
}

export function answerAll(_: IncomingMessage, response: ServerResponse, units: string[]): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(Object.fromEntries(units.map((unit) => [unit, { rank: unit.length }]))));
}

/** A provider on this machine, reached through the transport's lead. */
export async function startStub(): Promise<Stub> {
  const calls: Stub['calls'] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const units = body ? (JSON.parse(body) as string[]) : [];
      calls.push({ path: request.url ?? '', units });
      stub.answer(request, response, units);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const sockets: OpenedSocket[] = [];
  const transport = createTransport({
    lead: { httpPort: port, httpsPort: 1, resolve: () => Promise.resolve([PUBLIC_ADDRESS]), ca: '' },
    onSocket: (socket) => sockets.push(socket),
  });
  const stub: Stub = {
    port,
    transport,
    sockets,
    calls,
    answer: answerAll,
    stop: async () => {
      await transport.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return stub;
}

type Parsed = Record<string, { rank?: unknown } | null>;

/** A provider in the usual manner: keyed body, 404 for nothing, error statuses by class. */
export function rankProvider(given: Partial<ProviderDefinition> = {}): Provider {
  const single: SingleStep = {
    request: (questions, context) => [
      {
        method: 'POST',
        url: `http://ranks.test/rank?key=${context.key}`,
        headers: { 'user-agent': context.userAgent },
        body: JSON.stringify(questions.map(({ unit }) => unit)),
        capBytes: 4_096,
      },
    ],
    parse: ([reply], questions) =>
      new Map(
        questions.flatMap((question) => {
          const finding = read(reply!, question.unit);
          return finding ? [[questionKey(question), finding]] : [];
        }),
      ),
  };
  return {
    id: 'ranks',
    title: 'Ranks',
    docs: 'https://ranks.test',
    version: 1,
    auth: { kind: 'key', form: 'bearer', env: 'RANKS_KEY', signUp: 'https://ranks.test' },
    asks: [{ id: 'ranks', surface: 'ranks', round: 1, unit: 'domain' }],
    batch: { size: 1, lingerMs: 0 },
    limits: [],
    concurrency: 16,
    limitKey: () => 'ranks',
    timeoutMs: 2_000,
    retries: 3,
    breaker: { volume: 1_000, errorPercent: 50, coolOffMs: 60_000 },
    ttlMs: { ok: 3_600_000, absent: 60_000 },
    metrics: [{ id: 'rank', type: 'integer', unit: '', range: [1, 1_000], meaning: 'rank' }],
    ...given,
    ...single,
  };
}

const CLASS_OF_STATUS: Readonly<Record<number, Extract<Finding, { outcome: 'failed' }>['class']>> = {
  400: 'bad_request',
  401: 'auth',
  402: 'quota',
  429: 'rate_limited',
};

function read(reply: ProviderReply, unit: string): Finding | undefined {
  if (reply.kind === 'error') {
    const failure = reply.error === 'timeout' ? 'timeout' : 'network';
    return { outcome: 'failed', class: failure, message: `${reply.error} ${reply.message}` };
  }
  if (reply.truncated) return { outcome: 'failed', class: 'malformed', message: 'too long' };
  if (reply.status === 404) return { outcome: 'absent' };
  const failure = reply.status >= 500 ? 'server' : CLASS_OF_STATUS[reply.status];
  if (failure) return { outcome: 'failed', class: failure, message: reply.body.toString() };
  const body = JSON.parse(reply.body.toString()) as Parsed;
  if (!(unit in body)) return undefined;
  const rank = body[unit]?.rank as number;
  return body[unit] === null ? { outcome: 'absent' } : { outcome: 'ok', numbers: { rank } };
}
