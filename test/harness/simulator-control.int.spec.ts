import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator, type RunningSimulator } from '../../apps/simulator/src/start-simulator.js';
import { SimulatorControl } from './simulator-control.js';

let folder: string;
let running: RunningSimulator;
let simulator: SimulatorControl;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-control-'));
  const ports = { httpPort: 0, httpsPort: 0, dnsPort: 0, controlPort: 0 };
  const config = {
    ...ports,
    caFile: join(folder, 'ca.pem'),
    limitsFactor: 1,
    latency: { minMs: 0, maxMs: 1 },
  };
  running = await startSimulator(config);
  simulator = new SimulatorControl(`http://127.0.0.1:${running.controlPort}`);
});
afterAll(async () => {
  await running.stop();
  await rm(folder, { recursive: true, force: true });
});

function ask(): Promise<number> {
  const outgoing = request({
    port: running.httpPort,
    host: '127.0.0.1',
    path: '/resolve?name=popular-1.com',
    headers: { host: 'dns.google' },
    agent: false,
  });
  outgoing.end();
  return new Promise((resolve, reject) => {
    outgoing.once('error', reject);
    outgoing.once('response', (reply) => resolve(reply.resume().statusCode ?? 0));
  });
}

const DAY = { permits: 2, perMs: 86_400_000, of: 'calls' } as const;

test('limits are set, seen in counts and timeline, moved past, refilled and lifted', async () => {
  await simulator.setLimits('dns', DAY);
  expect(await simulator.limits()).toEqual({ dns: [DAY] });
  expect([await ask(), await ask(), await ask()]).toEqual([200, 200, 429]);
  const before = await simulator.now();
  await simulator.advanceClock(DAY.perMs);
  expect((await simulator.now()).getTime() - before.getTime()).toBeGreaterThanOrEqual(DAY.perMs);
  expect([await ask(), await ask(), await ask()]).toEqual([200, 200, 429]);
  await simulator.resetLimits();
  expect(await ask()).toBe(200);
  expect((await simulator.counts())['dns']).toMatchObject({ refused: 2, admittedCalls: 5, repeatedUnits: 4 });
  const seconds = await simulator.timeline('dns');
  expect(seconds.reduce((sum, { admitted }) => sum + admitted, 0)).toBe(5);
  expect(seconds.reduce((sum, { refused }) => sum + refused, 0)).toBe(2);
  await simulator.clearLimits('dns');
  expect(await simulator.limits()).toEqual({});
  await expect(simulator.setLimits('mos', DAY)).rejects.toThrow('400');
});

test('a fault may hit one host alone', async () => {
  await simulator.fault('dns', '500', { host: 'cloudflare-dns.com' });
  expect(await ask()).toBe(200);
  await simulator.fault('dns', '500', { host: 'dns.google', after: 1 });
  expect([await ask(), await ask()]).toEqual([200, 500]);
  await simulator.clearFaults('dns');
});
