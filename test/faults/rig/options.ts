import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cacheFolder } from '@assay/embedded';
import { seeded } from '../../governor/seeded.js';
import { cellNamed, CELLS, randomCell, shortSet, type Cell } from './cells.js';

export const HELP = `npm run faults -- [what] [options]

Real processes, a real Kafka and PostgreSQL, a proxy on every line between two of them; faults at moments drawn from
a seed, while a list is worked on; then every row, number, message and call is checked.

  --list           the names of all cells: fault, victim, circumstance
  --cell <name>    one cell; may be given more than once; random-<n> is a random run
  --short          twelve chosen cells on one system, some four minutes
  --all            the ${CELLS.length} named cells and 40 random runs, each on a system of its own, some three hours;
                   started again, it goes on where it ended
  --random <n>     n random runs of two faults at once
  --report         writes docs/faults.md from the results so far

  --seed <n>       the seed of all moments; printed where none is given, and replays
  --again          also what is done already
  --results <file> a line for each cell that was run; default .cache/faults/results.ndjson, of --short short.ndjson there.
                   A cell that failed stands in the report until it passes with its seed
  --json           each result as a line of JSON
  --help

The last line is JSON: {"bench":"faults","cells":12,"failed":0,…}. Exits 1 when a cell failed, 2 for a wrong option.`;

export interface Options {
  readonly cells: readonly Cell[];
  /** Cells share one system until one of them fails. */
  readonly shared: boolean;
  /** Undefined: another one for each cell, by chance. */
  readonly seed: number | undefined;
  /** What stands in the results already is not run again. */
  readonly resume: boolean;
  readonly json: boolean;
  readonly results: string;
  readonly what: 'run' | 'list' | 'report' | 'help';
}

/** How many random runs belong to the whole set. */
const RANDOM_RUNS = 40;

/** @throws RangeError that says which option cannot be used, and what could be */
export function readOptions(args: string[]): Options {
  const values = parsed(args);
  const seed = values.seed === undefined ? undefined : wholeNumber('seed', values.seed);
  const runs = values.all ? RANDOM_RUNS : wholeNumber('random', values.random ?? '0');
  const chosen = [
    ...(values.all ? CELLS : []),
    ...(values.short ? shortSet() : []),
    ...(values.cell ?? []).map(cellOf),
    ...Array.from({ length: runs }, (_, index) => randomRun(index + (seed ?? 1))),
  ];
  const what = values.help ? 'help' : values.list ? 'list' : values.report ? 'report' : 'run';
  if (what === 'run' && chosen.length === 0) throw new RangeError('name what to run: see --help');
  return {
    cells: chosen,
    shared: values.short,
    seed,
    resume: values.all && !values.again,
    json: values.json,
    results: values.results ?? join(cacheFolder(process.env), 'faults', resultsFile(values.short)),
    what,
  };
}

/** Cells that share a system are another measurement than those that have one of their own. */
const resultsFile = (shared: boolean) => (shared ? 'short.ndjson' : 'results.ndjson');

function parsed(args: string[]) {
  try {
    const flag = { type: 'boolean', default: false } as const;
    const text = { type: 'string' } as const;
    return parseArgs({
      args,
      options: {
        ...{ list: flag, short: flag, all: flag, report: flag, again: flag, json: flag, help: flag },
        ...{ seed: text, random: text, results: text },
        cell: { type: 'string', multiple: true },
      },
    }).values;
  } catch (error) {
    throw new RangeError((error as Error).message);
  }
}

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new RangeError(`--${name} takes a whole number, not ${text}`);
}

function cellOf(name: string): Cell {
  const [, run] = /^random-(\d{1,10})$/.exec(name) ?? [];
  const cell = run === undefined ? cellNamed(name) : randomRun(Number(run));
  if (cell) return cell;
  throw new RangeError(`there is no cell ${name}; --list names all of them`);
}

const randomRun = (run: number) => randomCell(run, seeded(run));

export const anySeed = () => randomInt(2 ** 31);
