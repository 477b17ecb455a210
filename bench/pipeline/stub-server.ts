/**
 * Answers every provider of the pipeline bench, ours and the peer's: JSON after a fixed latency, on one
 * port of loopback, counted. Run as a process of its own, so that its CPU is told apart; HTTP/1.1 by hand
 * on sockets, because node:http took as much CPU for 60,000 answers as a whole service that is measured.
 *
 * DNS on UDP of the same port number: every name is 93.184.216.34.
 * GET /<ask>?url=<url>   {"value":<n>,"canonical":"<url>"}
 * GET /-/counts          {"calls":<n>,"byAsk":{…}}
 * POST /-/reset
 */
import { createSocket } from 'node:dgram';
import { createServer, type Socket } from 'node:net';
import { decode, encode } from 'dns-packet';
import { hash32 } from '@assay/contracts';

const latencyMs = Number(process.env['STUB_LATENCY_MS'] ?? 20);
const END_OF_HEAD = '\r\n\r\n';
let byAsk: Record<string, number> = {};

function reply(socket: Socket, body: string): void {
  const length = Buffer.byteLength(body);
  if (socket.writable)
    socket.write(
      `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n${body}`,
    );
}

function control(socket: Socket, target: string): void {
  if (target === '/-/reset') byAsk = {};
  const calls = Object.values(byAsk).reduce((sum, n) => sum + n, 0);
  reply(socket, JSON.stringify({ calls, byAsk }));
}

/** One request head, without body: all that either side sends. */
function answer(socket: Socket, head: string): void {
  const start = head.indexOf(' ') + 1;
  const target = head.slice(start, head.indexOf(' ', start));
  if (target.startsWith('/-/')) return control(socket, target);
  const cut = target.indexOf('?url=');
  const ask = target.slice(1, cut);
  byAsk[ask] = (byAsk[ask] ?? 0) + 1;
  const url = decodeURIComponent(target.slice(cut + 5));
  const body = JSON.stringify({ value: hash32(ask + url) % 1000, canonical: url });
  setTimeout(reply, latencyMs, socket, body);
}

const server = createServer({ noDelay: true }, (socket) => {
  let rest = '';
  socket.setEncoding('latin1');
  socket.on('data', (part: string) => {
    rest += part;
    for (let end = rest.indexOf(END_OF_HEAD); end >= 0; end = rest.indexOf(END_OF_HEAD)) {
      answer(socket, rest.slice(0, end));
      rest = rest.slice(end + END_OF_HEAD.length);
    }
  });
  socket.on('error', () => socket.destroy());
});

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
