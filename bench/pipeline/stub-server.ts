/**
 * Answers every provider of the pipeline bench, ours and the peer's: JSON after a fixed latency, on one
 * port of loopback, counted. Run as a process of its own, so that its CPU is told apart.
 *
 * DNS on UDP of the same port number: every name is 93.184.216.34.
 * GET /<ask>?url=<url>   {"value":<n>,"canonical":"<url>"}
 * GET /-/counts          {"calls":<n>,"byAsk":{…}}
 * POST /-/reset
 */
import { createSocket } from 'node:dgram';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { decode, encode } from 'dns-packet';
import { hash32 } from '@assay/contracts';

const latencyMs = Number(process.env['STUB_LATENCY_MS'] ?? 20);
let byAsk: Record<string, number> = {};

function control(request: IncomingMessage, response: ServerResponse): void {
  if (request.url === '/-/reset') byAsk = {};
  const calls = Object.values(byAsk).reduce((sum, n) => sum + n, 0);
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ calls, byAsk }));
}

const server = createServer((request, response) => {
  const target = request.url ?? '/';
  if (target.startsWith('/-/')) return control(request, response);
  const cut = target.indexOf('?url=');
  const ask = target.slice(1, cut);
  byAsk[ask] = (byAsk[ask] ?? 0) + 1;
  const url = decodeURIComponent(target.slice(cut + 5));
  const body = JSON.stringify({ value: hash32(ask + url) % 1000, canonical: url });
  setTimeout(() => {
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    });
    response.end(body);
  }, latencyMs);
});
server.keepAliveTimeout = 60_000;

const names = createSocket('udp4', (packet, from) => {
  const query = decode(packet);
  const question = query.questions?.[0];
  const answers =
    question?.type === 'A'
      ? [{ type: 'A' as const, name: question.name, ttl: 300, data: '93.184.216.34' }]
      : [];
  const reply = encode({ type: 'response', id: query.id ?? 0, questions: query.questions ?? [], answers });
  names.send(reply, from.port, from.address);
});

server.listen(Number(process.env['STUB_PORT'] ?? 0), '127.0.0.1', () => {
  const { port } = server.address() as { port: number };
  names.bind(port, '127.0.0.1', () => process.send?.({ type: 'ready', port }));
});
process.on('disconnect', () => process.exit(0));
