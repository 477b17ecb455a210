import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator, type RunningSimulator } from './start-simulator.js';

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  /** http instead of https */
  readonly plain?: boolean;
  readonly timeoutMs?: number;
}

// oxlint-disable-next-line typescript/no-explicit-any -- JSON of six providers, looked into field by field
export type Anything = any;

export const asJson = (reply: Reply) => JSON.parse(reply.body) as Anything;
export const FREE_PORTS = { httpPort: 0, httpsPort: 0, dnsPort: 0, controlPort: 0, limitsFactor: 1 };
export const MOZ_ID = 'd7b41efa-4e67-4076-867c-dab4227ca125';

/** A simulator of a spec file's own on free ports, and a client that is led to it. */
export async function openSimulator() {
  const folder = await mkdtemp(join(tmpdir(), 'assay-simulator-'));
  const caFile = join(folder, 'ca.pem');
  const simulator = await startSimulator({ ...FREE_PORTS, caFile, latency: { minMs: 0, maxMs: 2 } });
  const client = clientOf(simulator, await readFile(caFile, 'utf8'));
  const stop = async () => {
    client.leave();
    await simulator.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { simulator, client, caFile, stop };
}

export type Client = ReturnType<typeof clientOf>;

export function clientOf(simulator: RunningSimulator, ca: string) {
  const agent = new Agent({ keepAlive: true });
  const httpAgent = new HttpAgent({ keepAlive: true });
  /** One call as a fetcher makes it: to loopback, with the host's own name in SNI and Host. */
  const ask = (host: string, path: string, options: Ask = {}): Promise<Reply> => {
    const { method = 'GET', headers = {}, plain = false, timeoutMs = 5_000 } = options;
    const signal = AbortSignal.timeout(timeoutMs);
    const common = { host: '127.0.0.1', path, method, headers: { host, ...headers }, signal };
    const outgoing = plain
      ? httpRequest({ ...common, port: simulator.httpPort, agent: httpAgent })
      : httpsRequest({ ...common, port: simulator.httpsPort, agent, servername: host, ca });
    outgoing.end(options.body === undefined ? undefined : JSON.stringify(options.body));
    return new Promise((resolve, reject) => {
      outgoing.once('error', reject);
      outgoing.once('response', (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.once('error', reject);
        const status = incoming.statusCode ?? 0;
        incoming.once('end', () =>
          resolve({ status, headers: incoming.headers, body: Buffer.concat(chunks).toString() }),
        );
      });
    });
  };
  const control = async (path: string, method = 'GET', body?: unknown): Promise<Anything> => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    return (await fetch(`http://127.0.0.1:${simulator.controlPort}${path}`, { method, ...sent })).json();
  };
  const leave = () => {
    agent.destroy();
    httpAgent.destroy();
  };
  return { ask, control, leave, ...controls(control), ...calls(ask) };
}

function controls(control: (path: string, method?: string, body?: unknown) => Promise<Anything>) {
  return {
    truth: (provider: string, unit: string, surface = provider) =>
      control(`/truth?provider=${provider}&surface=${surface}&unit=${encodeURIComponent(unit)}`),
    countOf: async (provider: string) => (await control('/counts')).providers[provider],
    setFault: (provider: string, fault: string, more: object = {}) =>
      control('/faults', 'POST', { provider, fault, ...more }),
    fresh: async () => {
      await control('/faults', 'DELETE');
      await control('/reset-counts', 'POST');
      await control('/reset-limits', 'POST');
    },
  };
}

function calls(ask: (host: string, path: string, options?: Ask) => Promise<Reply>) {
  const moz = (method: string, data: unknown, more: { id?: string; token?: string } = {}) =>
    ask('api.moz.com', '/jsonrpc', {
      method: 'POST',
      headers: { 'x-moz-token': more.token ?? 'sim-moz' },
      body: { jsonrpc: '2.0', id: more.id ?? MOZ_ID, method, params: { data } },
    });
  return {
    moz,
    sites: (site_queries: unknown[], token?: string) =>
      moz('data.site.metrics.fetch.multiple', { site_queries }, token ? { token } : {}),
    visit: (url: URL) =>
      ask(url.hostname, `${url.pathname}${url.search}`, { plain: url.protocol === 'http:' }),
    threats: (urls: string[], key = 'sim-google') =>
      ask('safebrowsing.googleapis.com', `/v4/threatMatches:find?key=${key}`, {
        method: 'POST',
        body: {
          client: { clientId: 'yourcompanyname', clientVersion: '1.5.2' },
          threatInfo: {
            threatTypes: ['MALWARE'],
            platformTypes: ['ANY_PLATFORM'],
            threatEntryTypes: ['URL'],
            threatEntries: urls.map((url) => ({ url })),
          },
        },
      }),
    ranks: (domains: string[], key = 'sim-rank') =>
      ask('openpagerank.keywordseverywhere.com', '/v1/domains/bulk', {
        method: 'POST',
        headers: { authorization: `Bearer ${key}` },
        body: { domains, include_history: false },
      }),
  };
}
