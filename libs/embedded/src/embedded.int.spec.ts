import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { rootFolder, startKafka, startPostgres } from './index.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-embedded-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A launcher as a process of its own, from the build: it prints the pids of its parts and stays. */
const LAUNCHER = `
const { startKafka, startPostgres } = await import(process.argv[1]);
const parts = await Promise.all([
  startKafka({ dataFolder: process.argv[2] }), startPostgres({ dataFolder: process.argv[2] }),
]);
console.log(JSON.stringify(parts.map((part) => part.pid)));
setInterval(() => {}, 1000);`;

async function launched(): Promise<{ launcher: ReturnType<typeof spawn>; parts: number[] }> {
  const build = pathToFileURL(join(rootFolder(), 'libs/embedded/dist/index.js')).href;
  const launcher = spawn(process.execPath, ['--input-type=module', '-e', LAUNCHER, build, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: launcher.stdout! }), 'line')) as [string];
  return { launcher, parts: JSON.parse(line) as number[] };
}

/** A dead process that nobody has collected yet has no command line any more. */
function alive(pid: number): boolean {
  const file = `/proc/${pid}/cmdline`;
  return existsSync(file) && readFileSync(file, 'utf8') !== '';
}

test('parts of a killed launcher end, and start again on the same folder at once', async () => {
  const { launcher, parts } = await launched();
  expect(parts.map(alive)).toEqual([true, true]);
  launcher.kill('SIGKILL');
  // No waiting: the next start itself waits for what the killed one left.
  const again = await Promise.all([
    startKafka({ dataFolder: folder }),
    startPostgres({ dataFolder: folder }),
  ]);
  expect(parts.map(alive)).toEqual([false, false]);
  await Promise.all(again.map((part) => part.stop()));
  expect(again.map((part) => alive(part.pid))).toEqual([false, false]);
});

test('parts that were killed start again on the same folder', async () => {
  const first = await Promise.all([
    startKafka({ dataFolder: folder }),
    startPostgres({ dataFolder: folder }),
  ]);
  for (const part of first) process.kill(part.pid, 'SIGKILL');
  await Promise.all(first.map((part) => part.ended));
  const again = await Promise.all([
    startKafka({ dataFolder: folder }),
    startPostgres({ dataFolder: folder }),
  ]);
  await Promise.all(again.map((part) => part.stop()));
});
