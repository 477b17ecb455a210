import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { eventually } from '@assay/testing';
import { TcpProxy } from './tcp-proxy.js';

let echo: Server;
let proxy: TcpProxy;
const clients: Socket[] = [];

beforeEach(async () => {
  echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket)).listen(0, '127.0.0.1');
  await once(echo, 'listening');
  proxy = await TcpProxy.listen();
  proxy.target = (echo.address() as AddressInfo).port;
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await proxy.close();
  await new Promise((resolve) => echo.close(resolve));
});

/** A client that remembers what came back, and how it ended. */
async function client() {
  const socket = connect(proxy.port, '127.0.0.1');
  clients.push(socket);
  const seen = { text: '', error: '', closed: false };
  socket.on('data', (data: Buffer) => (seen.text += data.toString()));
  socket.on('error', (error: NodeJS.ErrnoException) => (seen.error = error.code ?? error.message));
  socket.on('close', () => (seen.closed = true));
  await once(socket, 'connect');
  return { socket, seen };
}

const says = (seen: { text: string }, text: string) =>
  eventually(
    () => seen.text,
    (now) => now === text,
    2_000,
  );

test('passes both ways, and a half that is closed leaves the other open', async () => {
  const { socket, seen } = await client();
  socket.end('all that I say');
  await says(seen, 'all that I say');
  await eventually(
    () => seen.closed,
    (closed) => closed,
  );
  expect(seen.error).toBe('');
});

test('latency is added to each way', async () => {
  const { socket, seen } = await client();
  proxy.latencyMs = 60;
  const started = performance.now();
  socket.write('slow');
  await says(seen, 'slow');
  expect(performance.now() - started).toBeGreaterThanOrEqual(119);
});

test('stalled, it takes connections and passes nothing; then all that was said', async () => {
  const { socket, seen } = await client();
  proxy.stall();
  socket.write('held');
  const second = await client();
  second.socket.write('held too');
  await eventually(
    () => proxy.connections,
    (n) => n === 2,
  );
  expect([seen.text, second.seen.text]).toEqual(['', '']);
  proxy.pass();
  await says(seen, 'held');
  await says(second.seen, 'held too');
});

test('reset ends what stands with RST; the next connection is as good as ever', async () => {
  const { seen } = await client();
  await eventually(
    () => proxy.connections,
    (n) => n === 1,
  );
  proxy.reset();
  await eventually(
    () => seen.error,
    (error) => error === 'ECONNRESET',
  );
  const next = await client();
  next.socket.write('again');
  await says(next.seen, 'again');
});

test('cut, it takes nobody until it passes again', async () => {
  const { seen } = await client();
  proxy.cut();
  const during = await client().catch(() => undefined);
  await eventually(
    () => [seen.closed, during?.seen.closed ?? true],
    (closed) => closed.every(Boolean),
  );
  proxy.pass();
  const after = await client();
  after.socket.write('back');
  await says(after.seen, 'back');
});

test('ten megabytes come through whole', async () => {
  const { socket, seen } = await client();
  const text = 'x'.repeat(10_000_000);
  socket.write(text);
  await eventually(
    () => seen.text.length,
    (length) => length === text.length,
    10_000,
  );
});
