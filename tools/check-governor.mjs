// npm run check:governor: every case of test/governor at its whole size, and what a list costs that is handed in twice
// without limits (bench/twice.ts). About fourteen minutes. npm run test:governor (--short): all in a short form, four
// minutes. Paths name single cases. At the end stand the figures and what failed; the last line is JSON, the exit code says
// whether all held.
import { spawn } from 'node:child_process';
import { mkdtempSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const JEST = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
];
const only = process.argv.slice(2).filter((argument) => argument !== '--short');
const short = process.argv.includes('--short');
/**
 * Limits set their pace and leave the machine idle for the most part: two at a time. All others run alone, which measure
 * speed, count what is refused within milliseconds, or load the machine by themselves. In short nobody measures speed, and
 * more of them go beside each other, which loads the machine: there a host's pages are counted alone. `fresh` has one ratio,
 * far from its bound (15 to 20, of 5), and waits for limits nearly all of its time.
 */
const PACED = ['outage', 'registry-out', 'host-politeness', 'plan-end', 'quota', 'fresh'];
const PACED_IN_SHORT = [
  ...PACED.filter((name) => name !== 'host-politeness'),
  'ceilings',
  'plan',
  'retry-replay',
  'slow-provider',
];
const folder = mkdtempSync(join(tmpdir(), 'assay-check-'));
const figures = join(folder, 'figures.ndjson');
const started = Date.now();

/** Resolves to the exit code. */
function run(args, environment) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.once('error', () => resolve(1));
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

const environment = {
  TIER: 'governor',
  GOVERNOR: short ? 'short' : 'whole',
  GOVERNOR_FIGURES: figures,
};
const codes = [];
const results = [];

/** Jest once: its results are kept, so that what failed can be said again at the end. */
async function jest(...args) {
  const file = join(folder, `results-${results.length}.json`);
  results.push(file);
  codes.push(await run([...JEST, ...args, '--json', `--outputFile=${file}`], environment));
}

/** Each test that failed, with its message: a log that is cut keeps its end. */
function failures() {
  return results.filter(existsSync).flatMap((file) =>
    JSON.parse(readFileSync(file, 'utf8')).testResults.flatMap(({ name, message, assertionResults }) => {
      const tests = assertionResults.filter(({ status }) => status === 'failed');
      if (tests.length === 0) return message ? [`${name}\n${message}`] : [];
      return tests.map(({ title, failureMessages }) => `${name}: ${title}\n${failureMessages.join('\n')}`);
    }),
  );
}

if (only.length > 0) await jest(...only);
else {
  const paced = (short ? PACED_IN_SHORT : PACED).map((name) => `test/governor/${name}.e2e`);
  const ignored = ['/node_modules/', ...paced].map((path) => `--testPathIgnorePatterns=${path}`);
  await jest('test/governor', ...ignored);
  await jest(...paced, '--maxWorkers=2');
  if (!short) codes.push(await run(['bench/dist/twice.js'], environment));
}
const seen = existsSync(figures)
  ? readFileSync(figures, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  : [];
for (const line of seen) console.log(JSON.stringify(line));
for (const failure of failures()) console.log(`\nfailed: ${failure}`);
rmSync(folder, { recursive: true, force: true });
const failed = codes.filter((code) => code !== 0).length;
const seconds = Math.round((Date.now() - started) / 1000);
console.log(JSON.stringify({ check: 'governor', cases: seen.length, failed, seconds }));
process.exitCode = failed === 0 ? 0 : 1;
