import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { rootFolder } from '@assay/embedded';
import type { Cell } from './cells.js';
import { anySeed, type Options } from './options.js';
import { summaryOf, type CellResult } from './result.js';
import { appendResult, readResults } from './results-file.js';
import { RigSystem } from './rig-system.js';
import { runCell } from './run-cell.js';

/** Runs what is asked for, and says how it went. Resolves to the exit code. */
export async function runCells(options: Options): Promise<number> {
  const done = options.resume ? await readResults(options.results) : [];
  const names = new Set(done.map(({ cell }) => cell));
  const left = options.cells.filter(({ name }) => !names.has(name));
  if (done.length > 0) say(`${done.length} cells stand in ${options.results}, ${left.length} are left`);
  const systems = new Systems(options.shared);
  const commit = await whatRuns();
  const results: CellResult[] = [];
  const stop = () => void systems.drop().finally(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  try {
    for (const [index, cell] of left.entries()) {
      const seed = options.seed ?? anySeed();
      say(`[${index + 1}/${left.length}] --cell ${cell.name} --seed ${seed}`);
      const result = await ranAndKept(systems, { cell, seed, commit }, options);
      results.push(result);
      await appendResult(options.results, result);
      if (options.json) console.log(JSON.stringify(result));
    }
  } finally {
    await systems.drop();
  }
  const summary = summaryOf([...done, ...results]);
  console.log(JSON.stringify({ bench: 'faults', ...summary }));
  return summary.failed > 0 ? 1 : 0;
}

async function ranAndKept(
  systems: Systems,
  { cell, seed, commit }: { cell: Cell; seed: number; commit: string },
  options: Options,
): Promise<CellResult> {
  const rig = await systems.next();
  const result = await runCell({ rig, commit, say }, cell, seed);
  const { ok, faults, recoveryS, rows, seconds } = result;
  say(`  ${ok ? 'ok' : 'FAILED'}: ${rows} rows, longest standstill ${recoveryS} s, ${seconds} s in all`);
  if (ok) {
    if (!options.shared) await systems.drop();
    return result;
  }
  const logs = join(dirname(options.results), 'logs', `${cell.name}-${seed}`);
  await rig.keepLogs(logs);
  await systems.drop();
  for (const fault of faults) say(`    ${fault}`);
  say(`  logs: ${logs}`);
  say(`  again: npm run faults -- --cell ${cell.name} --seed ${seed}`);
  return { ...result, logs };
}

/** The commit, with `-dirty` where files differ from it; empty where this is no clone. */
async function whatRuns(): Promise<string> {
  const asked = promisify(execFile)('git', ['describe', '--always', '--dirty'], { cwd: rootFolder() });
  return asked.then(({ stdout }) => stdout.trim()).catch(() => '');
}

const STARTS = 3;

/** One system for each cell; or one for all until a cell has failed on it. */
class Systems {
  #current: RigSystem | undefined;

  constructor(private readonly shared: boolean) {}

  async next(): Promise<RigSystem> {
    if (!this.shared) await this.drop();
    this.#current ??= await this.#start();
    return this.#current;
  }

  /** A machine that is busy for a moment does not end a run of hours. @throws the last failure */
  async #start(tries = STARTS): Promise<RigSystem> {
    try {
      return await RigSystem.start();
    } catch (error) {
      if (tries <= 1) throw error;
      say(`  the system did not start: ${(error as Error).message}`);
      return this.#start(tries - 1);
    }
  }

  async drop(): Promise<void> {
    const current = this.#current;
    this.#current = undefined;
    await current?.stop();
  }
}

const started = performance.now();

/** Each step with the seconds since the begin. */
function say(text: string): void {
  const seconds = ((performance.now() - started) / 1_000).toFixed(1).padStart(6);
  console.error(`${seconds} s  ${text}`);
}
