import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { ServerResponse } from 'node:http';
import { converse, createTransport, metricTable, type Transport } from '@assay/fetching';
import { builtInProviders, type Finding, type Provider } from '@assay/providers';
import { loadExamples, type ProviderExamples } from '@assay/providers/examples';
import { certificateForAnyHost } from './any-host-certificate.js';
import { contextOf, scripted, type Reply } from './play-example.js';

// What goes wrong on a socket, on real ones: a transport led to a server of our own, for every provider of the registry.

const ALL = await Promise.all(
  builtInProviders.map(async (provider) => ({ provider, examples: await loadExamples(provider.id) })),
);
/** In place of a provider's own timeout, so that nobody waits for it. */
const TIMEOUT_MS = 150;
/** Where the reply itself takes its time. */
const LONG_MS = 5_000;

type Misbehaviour = (response: ServerResponse, good: Reply, capBytes: number) => void;
let server: Server;
let transport: Transport;
let misbehave: Misbehaviour;
let script: ReturnType<typeof scripted>;
let isBefore: (url: string) => boolean;

beforeAll(async () => {
  const { ca, cert, key } = await certificateForAnyHost();
  server = createServer({ cert, key }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = `https://${request.headers.host}${request.url}`;
      const body = Buffer.concat(chunks).toString();
      const reply = script({ method: request.method as 'GET', url, body }) as Reply;
      if (isBefore(url)) response.writeHead(reply.status, reply.headers).end(reply.body);
      else misbehave(response, reply, Number(request.headers['x-cap'] ?? 0));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const httpsPort = (server.address() as AddressInfo).port;
  transport = createTransport({
    lead: { httpPort: httpsPort, httpsPort, resolve: () => Promise.resolve(['93.184.216.34']), ca },
  });
});
afterAll(async () => {
  await transport?.close();
  server?.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function ask(provider: Provider, { good }: ProviderExamples, timeoutMs: number): Promise<Finding[]> {
  const before = good.replies.filter((reply) => reply.before).flatMap(({ to }) => to ?? []);
  isBefore = (url) => before.some((part) => url.includes(part));
  script = scripted(provider.id, good.replies);
  return converse({
    provider,
    metrics: metricTable(provider.metrics),
    questions: good.questions,
    context: contextOf(provider),
    exchange: (request) =>
      transport.send(
        { ...request, headers: { ...request.headers, 'x-cap': String(request.capBytes ?? 512 * 1024) } },
        { timeoutMs: isBefore(request.url) ? LONG_MS : timeoutMs },
      ),
  });
}

const CASES: readonly { name: string; misbehave: Misbehaviour; class: string }[] = [
  {
    name: 'no answer within the timeout: failed(timeout)',
    misbehave: () => undefined,
    class: 'timeout',
  },
  {
    name: 'a body that does not end within the timeout: failed(timeout)',
    misbehave: (response, { status, headers, body }) =>
      void response.writeHead(status, headers).write(body.subarray(0, body.length - 1)),
    class: 'timeout',
  },
  {
    name: 'connection reset in the middle of the body: failed(network)',
    misbehave: (response, { status, headers, body }) => {
      response.writeHead(status, { ...headers, 'content-length': String(body.length + 10_000) });
      response.write(body.subarray(0, Math.ceil(body.length / 2)), () => response.socket?.destroy());
    },
    class: 'network',
  },
  {
    name: 'body over the cap: failed(malformed)',
    misbehave: (response, { status, headers, body }, capBytes) =>
      void response.writeHead(status, headers).end(Buffer.concat([body, Buffer.alloc(capBytes + 1, ' ')])),
    class: 'malformed',
  },
];

describe.each(ALL.map((one) => [one.provider.id, one] as const))('%s', (_id, { provider, examples }) => {
  test.each(CASES.map((one) => [one.name, one] as const))('%s', async (_name, one) => {
    misbehave = one.misbehave;
    const findings = await ask(provider, examples, one.class === 'timeout' ? TIMEOUT_MS : LONG_MS);
    const deviation = one.class === 'malformed' ? examples.deviations?.['body over the cap'] : undefined;
    for (const finding of findings)
      expect(finding).toMatchObject(deviation?.finding ?? { outcome: 'failed', class: one.class });
  });
});
