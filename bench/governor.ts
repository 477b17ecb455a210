/**
 * npm run bench:governor
 *
 * One limit of 50 calls a second over three replicas, of which one is killed, one stopped and resumed, and one added
 * (test/governor/replicas.e2e.spec.ts, at length: 12,000 rows); then what a unit costs that is answered from the
 * database or from memory, in CPU of the fetcher. The last line is JSON; exits 1 unless nothing was refused, 90 % of
 * the rate was used and a stored answer costs 80 µs at most.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const JEST = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
];

interface Replicas {
  readonly case: string;
  readonly refused: number;
  readonly share: number;
}

interface Fetching {
  readonly label: string;
  readonly cpuMicrosPerCall: number;
}

/** Resolves to what it printed; its standard error goes to ours. */
function run(
  args: readonly string[],
  environment: Record<string, string>,
): Promise<{ text: string; code: number }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.on('data', (data: Buffer) => (text += data.toString()));
    child.once('error', reject);
    child.once('exit', (code) => resolve({ text, code: code ?? 1 }));
  });
}

function linesOf<T>(text: string): T[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as T);
}

async function shareOneLimit(): Promise<Replicas> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-bench-'));
  const figures = join(folder, 'figures.ndjson');
  try {
    await run([...JEST, 'test/governor/replicas'], {
      TIER: 'governor',
      GOVERNOR: 'length',
      GOVERNOR_FIGURES: figures,
    });
    const seen = linesOf<Replicas>(await readFile(figures, 'utf8')).find((line) => line.case === 'replicas');
    if (!seen) throw new Error('the case ended without figures: see above');
    return seen;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function costOfStored(): Promise<{ elsewhere: number; memory: number }> {
  const { text } = await run([join(dirname(import.meta.filename), 'fetching.js')], {});
  const cost = (label: string) =>
    linesOf<Fetching>(text).find((line) => line.label === label)?.cpuMicrosPerCall ?? Infinity;
  return { elsewhere: cost('stored elsewhere'), memory: cost('stored') };
}

console.error('One limit over three replicas: about five minutes …');
const { refused, share } = await shareOneLimit();
console.error('What a stored answer costs …');
const cost = await costOfStored();
console.log(
  JSON.stringify({
    bench: 'governor',
    rateLimited: refused,
    utilisation: Math.round(share * 1_000) / 1_000,
    overheadUs: cost.elsewhere,
    inMemoryUs: cost.memory,
  }),
);
process.exitCode = refused === 0 && share >= 0.9 && cost.elsewhere <= 80 ? 0 : 1;
