import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootFolder } from '@assay/embedded';
import { fileURLToPath } from 'node:url';
import { builtInProviders } from '@assay/providers';
import { recordedUrl } from '@assay/providers/examples';
import { startSimulator, type RunningSimulator } from '../../apps/simulator/src/start-simulator.js';
import { SimulatorControl } from '../harness/simulator-control.js';

let folder: string;
let simulator: RunningSimulator;
let control: SimulatorControl;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-provider-tools-'));
  const ports = { httpPort: 0, httpsPort: 0, dnsPort: 0, controlPort: 0 };
  const caFile = join(folder, 'ca.pem');
  simulator = await startSimulator({
    ...ports,
    limitsFactor: 1_000,
    caFile,
    latency: { minMs: 1, maxMs: 5 },
  });
  control = new SimulatorControl(`http://127.0.0.1:${simulator.controlPort}`);
});
afterAll(async () => {
  await simulator?.stop();
  await rm(folder, { recursive: true, force: true });
});
afterEach(() => control.clearFaults());

const KEYS = Object.fromEntries(
  builtInProviders.flatMap(({ auth }) =>
    auth.kind === 'key'
      ? [[auth.env, auth.form === 'basic' || auth.form === 'oauth' ? 'sim-a:sim-b' : 'sim-secret']]
      : [],
  ),
);

interface Ended {
  readonly code: number;
  readonly out: string;
}

/** `npm run providers:check`, led to the simulator. */
function tools(args: readonly string[], environment: Record<string, string> = KEYS): Promise<Ended> {
  const env = {
    PATH: process.env['PATH'],
    ASSAY_MODE: 'test',
    LEAD_HTTP_PORT: String(simulator.httpPort),
    LEAD_HTTPS_PORT: String(simulator.httpsPort),
    LEAD_DNS_PORT: String(simulator.dnsPort),
    LEAD_CA_FILE: join(folder, 'ca.pem'),
    ...environment,
  };
  const script = join(rootFolder(), 'apps/provider-tools/dist/main.js');
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], { env, cwd: folder }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, out: stdout + stderr }),
    );
  });
}

test('all providers answer for their canaries', async () => {
  const { code, out } = await tools(['check', '--json']);
  const checks = JSON.parse(out) as { provider: string; state: string; detail: string }[];
  expect(checks.filter(({ state }) => state !== 'ok')).toEqual([]);
  expect(checks.map(({ provider }) => provider)).toEqual(builtInProviders.map(({ id }) => id));
  expect(code).toBe(0);
});

test('a drifted field, a refused key and a spent quota are told apart; cron hears of the first two', async () => {
  await control.fault('radar', 'wrong-type');
  await control.fault('crux', 'auth' as never);
  await control.fault('tranco', '429');
  const { code, out } = await tools(['check', 'radar', 'crux', 'tranco', 'dns']);
  expect(out).toMatch(/^radar\s+drifted\s.*malformed/m);
  expect(out).toMatch(/^crux\s+auth\s/m);
  expect(out).toMatch(/^tranco\s+quota\s/m);
  expect(out).toMatch(/^dns\s+ok\s/m);
  expect(out).toContain('2 of 4 need a look: radar, crux.');
  expect(out).not.toContain('sim-secret');
  expect(code).toBe(1);
});

test('what lacks its key is off, and nobody is alarmed', async () => {
  const { code, out } = await tools(['check', 'moz', 'dns'], {});
  expect(out).toMatch(/^moz\s+off\s+MOZ_TOKEN is not set/m);
  expect(out).toContain('1 of 1 providers answer as they should.');
  expect(code).toBe(0);
});

test('a live answer is kept without secrets, where its spec will look for it', async () => {
  const kept = fileURLToPath(recordedUrl('reddit', 'from-a-test-2.json'));
  const token = fileURLToPath(recordedUrl('reddit', 'from-a-test-1.json'));
  try {
    const { code, out } = await tools([
      'record',
      'reddit',
      'https://popular-1.com/',
      '--name',
      'from-a-test',
    ]);
    expect(out).toContain('libs/providers/src/reddit/recorded/from-a-test-2.json');
    expect(JSON.parse(await readFile(kept, 'utf8'))).toMatchObject({ kind: 'Listing' });
    expect(await readFile(token, 'utf8')).toContain('"access_token":"REDACTED"');
    expect(code).toBe(0);
  } finally {
    const files = [1, 2, 3].map((at) => fileURLToPath(recordedUrl('reddit', `from-a-test-${at}.json`)));
    for (const file of files) await rm(file, { force: true });
  }
});

test('each of several keys is asked', async () => {
  const { code, out } = await tools(['check', 'moz'], { MOZ_TOKEN: 'sim-one,wrong' });
  expect(out).toMatch(/^moz #1\s+ok\s/m);
  expect(out).toMatch(/^moz #2\s+auth\s/m);
  expect(code).toBe(1);
});

test.each([
  [['check', 'nobody'], 'There is no provider "nobody"'],
  [['record', 'moz', 'a.example', '--surface', 'moz.x'], 'has no surface "moz.x"'],
  [['new', 'Bad Id'], 'is no id'],
  [['new', 'moz'], 'a folder moz already'],
])('a mistake is told in a sentence: %j', async (args, sentence) => {
  const { code, out } = await tools(args);
  expect(out).toContain(sentence);
  expect(out).not.toContain('    at ');
  expect(code).toBe(1);
});
