import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { parseObject } from '../apis/parse-object.js';
import type { TruthContext } from '../apis/api.js';
import { classOfUnit, truthOf } from '../truth/truth.js';
import type { Clock } from './clock.js';
import type { Counts } from './counts.js';
import { json, type WireAnswer } from './exchange.js';
import { readScript } from './fault-script.js';
import { readLimited, readLimitRequest } from './limit-request.js';
import type { Limits } from './limits.js';
import { faultProblem, type Fault, type Faults } from './faults.js';

export interface ControlParts {
  readonly counts: Counts;
  readonly faults: Faults;
  readonly clock: Clock;
  readonly limits: Limits;
  /** Refills all limits and lifts penalties. */
  readonly resetLimits: () => void;
  readonly truthContext: () => TruthContext;
}

export interface ControlServer {
  readonly port: number;
  close(): Promise<void>;
}

/** The loopback port through which tests, the demo and people steer the simulator. */
export async function openControlServer(port: number, parts: ControlParts): Promise<ControlServer> {
  const server = createServer((incoming, response) => {
    bodyOf(incoming).then(
      (body) => send(response, routed(incoming, body, parts)),
      () => response.destroy(),
    );
  });
  await new Promise<void>((ready, fail) => {
    server.once('error', fail);
    server.listen(port, '127.0.0.1', () => ready());
  });
  const close = () =>
    new Promise<void>((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  return { port: (server.address() as { port: number }).port, close };
}

interface ControlCall {
  readonly body: string;
  /** What stands after the place: `moz` in `/faults/moz`. */
  readonly name?: string;
  readonly query: URLSearchParams;
}

const ROUTES: Readonly<Record<string, (parts: ControlParts, call: ControlCall) => WireAnswer>> = {
  'GET /health': () => json(200, { ok: true }),
  'GET /counts': ({ counts }) => json(200, { providers: counts.view() }),
  'GET /timeline': ({ counts }, { query }) => timeline(counts, query.get('provider')),
  'POST /reset-counts': ({ counts }) => {
    counts.reset();
    return json(200, { providers: {} });
  },
  'POST /reset-limits': ({ resetLimits }) => {
    resetLimits();
    return json(200, {});
  },
  'GET /limits': ({ limits }) => json(200, { limits: limits.list() }),
  'POST /limits': ({ limits }, { body }) =>
    changeLimits(limits, () => {
      const { provider, windows } = readLimitRequest(body);
      limits.set(provider, windows);
    }),
  'DELETE /limits': ({ limits }, { name }) =>
    changeLimits(limits, () => limits.unset(name === undefined ? name : readLimited(name))),
  'GET /faults': ({ faults }) => json(200, { faults: faults.list() }),
  'POST /faults': ({ faults }, { body }) => setFault(body, faults),
  'DELETE /faults': ({ faults }, { name }) => {
    faults.clear(name);
    return json(200, { faults: faults.list() });
  },
  'POST /script': (parts, { body }) => setScript(body, parts),
  'POST /clock': ({ clock }, { body }) => advance(body, clock),
  'GET /clock': ({ clock }) => json(200, { now: new Date(clock.now()).toISOString() }),
  'GET /truth': ({ truthContext }, { query }) => truth(query, truthContext()),
};

/** A path that cannot be read costs its caller a 400, nobody the simulator. */
function routed(incoming: IncomingMessage, body: string, parts: ControlParts): WireAnswer {
  try {
    return route(incoming, body, parts);
  } catch (error) {
    return json(400, { error: `${incoming.method} ${incoming.url}: ${(error as Error).message}` });
  }
}

function route(incoming: IncomingMessage, body: string, parts: ControlParts): WireAnswer {
  const url = new URL(incoming.url ?? '/', 'http://control');
  const [, place, name] = url.pathname.split('/');
  const handle = ROUTES[`${incoming.method} /${place}`];
  if (!handle) return json(404, { error: `nothing at ${incoming.method} ${url.pathname}` });
  return handle(parts, { body, query: url.searchParams, ...(name && { name: decodeURIComponent(name) }) });
}

function changeLimits(limits: Limits, change: () => void): WireAnswer {
  try {
    change();
    return json(200, { limits: limits.list() });
  } catch (error) {
    return json(400, { error: (error as Error).message });
  }
}

function timeline(counts: Counts, provider: string | null): WireAnswer {
  if (!provider) return json(400, { error: 'provider is missing: GET /timeline?provider=moz' });
  return json(200, { provider, seconds: counts.timeline(provider) });
}

function setFault(body: string, faults: Faults): WireAnswer {
  const value = parseObject(body);
  const problem = faultProblem(value && { ...value, fault: String(value['fault']) });
  if (problem) return json(400, { error: problem });
  faults.set({ ...value, fault: String(value?.['fault']) } as unknown as Fault);
  return json(200, { faults: faults.list() });
}

/** The body is the script's text. */
function setScript(text: string, { faults, clock }: ControlParts): WireAnswer {
  try {
    faults.plan(readScript(text), clock.now());
    return json(200, { faults: faults.list() });
  } catch (error) {
    return json(400, { error: (error as Error).message });
  }
}

function advance(body: string, clock: Clock): WireAnswer {
  try {
    clock.advance(Number(parseObject(body)?.['advanceMs']));
    return json(200, { now: new Date(clock.now()).toISOString() });
  } catch (error) {
    return json(400, { error: (error as Error).message });
  }
}

function truth(asked: URLSearchParams, at: TruthContext): WireAnswer {
  const provider = asked.get('provider') ?? '';
  const unit = asked.get('unit') ?? '';
  const surface = asked.get('surface') || provider;
  const found = truthOf(provider, surface, unit, at);
  if (!found) return json(404, { error: `no provider ${provider}` });
  return json(200, { provider, surface, unit, class: classOfUnit(unit), ...found });
}

function send(response: ServerResponse, { status, headers, body }: WireAnswer): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of incoming.setEncoding('utf8') as AsyncIterable<string>) {
    text += chunk;
    if (text.length > 65_536) throw new RangeError('body over 64 KiB');
  }
  return text;
}
