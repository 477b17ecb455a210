import type { RequestListener } from 'node:http';
import { eventually } from '@assay/testing';
import { LAST_LEG_MS } from './deadline.js';
import { startHttp, type Part } from './transport.fixture.js';
import { createTransport, type Transport } from './transport.js';

const TIMEOUT_MS = 600;
const STILL_MS = 2 * TIMEOUT_MS;
let web: Part;
let transport: Transport;
let answer: RequestListener;

beforeAll(async () => {
  web = await startHttp((request, response) => answer(request, response));
  const resolve = () => Promise.resolve(['93.184.216.34']);
  transport = createTransport({ lead: { httpPort: web.port, httpsPort: 1, resolve, ca: '' } });
});
afterAll(() => Promise.all([transport.close(), web.stop()]));

/** As SIGSTOP and SIGCONT do: nothing of this process runs, and the network goes on. */
const standStill = () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STILL_MS);

const ask = () => transport.send({ method: 'GET', url: 'http://site.test/' }, { timeoutMs: TIMEOUT_MS });

const passed = (ms: number) => {
  const from = performance.now();
  return eventually(
    () => performance.now() - from,
    (so) => so >= ms,
    1_000,
    5,
  );
};

test.each([
  ['first', 0],
  ['last', (TIMEOUT_MS * 2) / 3],
])('the answer that came meanwhile is read, in the %s leg of its time', async (_, ms) => {
  answer = (__, response) =>
    void passed(ms).then(() => {
      response.end('bought');
      standStill();
    });
  expect(await ask()).toMatchObject({ kind: 'reply', status: 200, body: Buffer.from('bought') });
});

test('where none came it ends soon', async () => {
  answer = standStill;
  const from = performance.now();
  expect(await ask()).toMatchObject({ kind: 'error', error: 'timeout' });
  expect(performance.now() - from).toBeLessThan(STILL_MS + LAST_LEG_MS + 300);
});
