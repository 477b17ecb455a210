import { FETCHER, type LinkedPart } from './links.js';

export const FAULTS = ['sigkill', 'sigstop', 'sigterm', 'cut'] as const;
export const VICTIMS = ['fetcher', 'joiner', 'store', 'ingest', 'query', 'broker', 'postgres'] as const;
export const CIRCUMSTANCES = ['steady', 'rebalancing', 'hanging', 'limited', 'poison'] as const;
/** What happens to a line besides being cut: only in cells of their own and in random runs. */
export type LineFault = 'cut' | 'stall' | 'reset' | 'latency';
export type Fault = (typeof FAULTS)[number] | Exclude<LineFault, 'cut'>;
export type Victim = (typeof VICTIMS)[number];
export type Circumstance = (typeof CIRCUMSTANCES)[number];

export interface Blow {
  readonly fault: Fault;
  readonly victim: Victim;
  /** Of a line fault: the other end. Default: all lines of a part, of a service the one that the seed picks. */
  readonly line?: LinkedPart;
}

/** What a cell asserts beyond the checker and the bounds. */
export type Own = 'priced-calls' | 'acknowledged';

export interface Cell {
  readonly name: string;
  readonly circumstance: Circumstance;
  /** One after the other; those of a random run fall within 2 s of each other. */
  readonly blows: readonly Blow[];
  readonly together?: boolean;
  readonly rows: number;
  /** Pages come slowly and one by one, so that there is work left after several outages. */
  readonly paced?: boolean;
  readonly own?: Own;
}

/** Sites of a list that do not exist. */
export const deadSitesOf = ({ rows }: Cell): number => Math.ceil(rows / 100);

const ROWS = 300;
/** Two dispatches, the second in the middle: for a dispatcher to be met at work. */
const ROWS_OF_INGEST = 700;
/** A process takes up to 2.5 s to join: there is work left after it. */
const ROWS_OF_REBALANCING = 1_000;
/** Lines that a service has; parts have those of everybody who speaks to them. */
export const LINES_OF: Readonly<Record<Victim, readonly LinkedPart[]>> = {
  fetcher: ['postgres', 'kafka', 'simulator'],
  joiner: ['postgres', 'kafka'],
  store: ['postgres', 'kafka'],
  ingest: ['postgres', 'kafka'],
  query: ['postgres', 'ingest'],
  broker: ['kafka'],
  postgres: ['postgres'],
};

/** Each fault on each part, under two circumstances: every part meets all five, and so does every fault. */
const GRID = FAULTS.flatMap((fault, f) =>
  VICTIMS.flatMap((victim, v) =>
    circumstancesOf(f, v).map((circumstance, index): Cell => {
      const blow = { fault, victim };
      const blows = fault === 'cut' ? linesCut(victim, index).map((line) => ({ ...blow, line })) : [blow];
      return {
        name: `${fault}-${victim}-${circumstance}`,
        circumstance,
        blows,
        rows: rowsOf(victim, circumstance),
        ...(blows.length > 1 && { paced: true }),
      };
    }),
  ),
);

/** The first of two cells cuts the line to PostgreSQL, the second all others, one after the other. */
function linesCut(victim: Victim, index: number): readonly LinkedPart[] {
  const [first, ...others] = LINES_OF[victim];
  return index === 0 || others.length === 0 ? [first!] : others;
}

function rowsOf(victim: Victim, circumstance: Circumstance): number {
  if (circumstance === 'rebalancing') return ROWS_OF_REBALANCING;
  return victim === 'ingest' ? ROWS_OF_INGEST : ROWS;
}

/** A kill is always met while all else is steady too. */
function circumstancesOf(fault: number, victim: number): Circumstance[] {
  const count = CIRCUMSTANCES.length;
  const turns = fault === 0 ? [0, 1 + (victim % (count - 1))] : [fault * 2 + victim, fault * 2 + victim + 1];
  return turns.map((turn) => CIRCUMSTANCES[turn % count]!);
}

const SPECIAL: readonly Cell[] = [
  {
    name: 'killed-three-times',
    circumstance: 'steady',
    blows: (['fetcher', 'joiner', 'store'] as const).map((victim) => ({ fault: 'sigkill', victim })),
    rows: 300,
    paced: true,
  },
  {
    name: 'sigterm-priced-calls',
    circumstance: 'steady',
    blows: [{ fault: 'sigterm', victim: 'fetcher' }],
    rows: 300,
    own: 'priced-calls',
  },
  {
    name: 'sigkill-postgres-acknowledged',
    circumstance: 'steady',
    blows: [{ fault: 'sigkill', victim: 'postgres' }],
    rows: ROWS,
    own: 'acknowledged',
  },
  {
    name: 'stall-joiner-postgres',
    circumstance: 'steady',
    blows: [{ fault: 'stall', victim: 'joiner', line: 'postgres' }],
    rows: ROWS,
  },
];

export const CELLS: readonly Cell[] = [...GRID, ...SPECIAL];

/** On one system, one after the other: each part killed, each circumstance, lines to PostgreSQL and to Kafka. */
const SHORT = [
  'killed-three-times',
  'sigkill-fetcher-steady',
  'sigkill-joiner-hanging',
  'sigkill-store-steady',
  'sigkill-ingest-steady',
  'sigkill-query-steady',
  'sigkill-broker-steady',
  'sigkill-postgres-acknowledged',
  'sigstop-joiner-poison',
  'sigterm-priced-calls',
  'cut-fetcher-rebalancing',
  'cut-joiner-limited',
];

export function cellNamed(name: string): Cell | undefined {
  return CELLS.find((cell) => cell.name === name);
}

export const shortSet = (): Cell[] => SHORT.map((name) => cellNamed(name)!);

/** Two faults at once, by chance which, on whom and amid what. */
export function randomCell(seed: number, random: () => number): Cell {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  const faults: readonly Fault[] = [...FAULTS, 'stall', 'reset', 'latency'];
  const blow = (): Blow => ({ fault: pick(faults), victim: pick(VICTIMS) });
  const circumstance = pick(CIRCUMSTANCES);
  const blows = [blow(), blow()];
  const rows = 300 + 50 * Math.floor(random() * 15);
  return {
    name: `random-${seed}`,
    circumstance,
    blows,
    together: true,
    rows: Math.max(rows, rowsOf(blows[0]!.victim, circumstance)),
  };
}

export const serviceOf = (victim: Victim) =>
  victim === 'broker' || victim === 'postgres' ? undefined : victim === 'fetcher' ? FETCHER : victim;
