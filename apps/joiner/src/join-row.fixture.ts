import { unitKey, type Attempt, type Cell, type Facts, type Lane, type Plan } from '@assay/contracts';
import type { AskDefinition, PlannedAsk, Provider, Question } from '@assay/providers';
import { askCatalogue } from './ask-catalogue.js';
import { joinedCells, joinRow } from './join-row.js';
import type { RowEvent } from './row-event.js';
import type { RowState } from './row-state.js';

export const T = 1_000_000;
export const ROUND1_AT = T + 20_000;
export const DEADLINE_AT = T + 60_000;

const ASKS: AskDefinition[] = [
  { id: 'page', surface: 'page', round: 1, unit: 'url' },
  { id: 'dns', surface: 'dns', round: 1, unit: 'host' },
  { id: 'safe', surface: 'safe', round: 1, unit: 'url' },
  { id: 'plain', surface: 'plain', round: 2, unit: 'host' },
  {
    id: 'safe.final',
    surface: 'safe',
    round: 2,
    unit: 'url',
    needs: { fact: 'finalUrl', from: 'page', need: 'required', unlessSameAs: 'safe' },
  },
  {
    id: 'links',
    surface: 'links',
    round: 2,
    unit: 'url',
    needs: { fact: 'canonicalUrl', from: 'page', need: 'preferred' },
  },
];

/** Each ask has a provider of its own with one limit key, save that of pages, which has one by unit. */
function planned(ask: AskDefinition): PlannedAsk {
  const limitKey = ({ unit }: Question) => (ask.id === 'page' ? unit : ask.id);
  return { ...ask, provider: { id: ask.id, limitKey } as Provider };
}

export const catalogue = askCatalogue({
  asks: new Map(ASKS.map((ask) => [ask.id, planned(ask)])),
});

/** The sweep looks, nothing lies unread, and nothing keeps a provider from being asked. */
export const DUE: RowEvent = { kind: 'due', at: Infinity, troubles: new Map() };

export const ROW = { url: 'http://a.example/', host: 'a.example', domain: 'a.example' };
export const FACTS: Facts = { finalUrl: 'http://b.example/', canonicalUrl: 'http://a.example/c' };

export function planOf(asks: Record<string, number>, changes: Partial<Plan> = {}): Plan {
  return {
    submission: '01890000-0000-7000-8000-000000000001',
    asks,
    dispatchedAt: T,
    round1At: ROUND1_AT,
    deadlineAt: DEADLINE_AT,
    graceMs: 60_000,
    patienceMs: 5_000,
    ...changes,
  };
}

export const ALL = planOf({ page: 0, dns: 0, safe: 0, plain: 0, 'safe.final': 0, links: 0 });

export function submitted(plan = ALL, timestamp = T): RowEvent {
  return { kind: 'submitted', timestamp, plan, row: ROW };
}

export function cell(
  ask: string,
  attempt: Partial<Attempt> & Pick<Cell, 'older'> & { facts?: Facts; unit?: string } = {},
  plan = ALL,
  timestamp = T + 100,
): RowEvent {
  const { unit = ROW.url, outcome = 'ok', ...rest } = attempt;
  const measured = outcome === 'ok' || outcome === 'absent';
  const filled: Cell = {
    plan: 0,
    seq: 1,
    unit: unitKey(unit),
    gen: 0,
    at: T + 50,
    outcome,
    ...(measured && { answer: answerId(ask, rest.gen ?? 0) }),
    ...rest,
  };
  return { kind: 'cell', timestamp, plan, ask, cell: filled };
}

export function answerId(ask: string, gen: number): string {
  const name = Buffer.from(`${ask}${gen}`).toString('hex').slice(0, 12).padEnd(12, '0');
  return `01890000-0000-7000-8000-${name}`;
}

/** Batches of events one after the other, each at its time: what came of each, and of all. */
export function run(steps: [now: number, ...events: RowEvent[]][], lane: Lane = 'bulk') {
  let state: RowState | undefined;
  const out = steps.map(([now, ...events]) => {
    const joined = joinRow(state, events, { catalogue, lane, now });
    state = joined?.state ?? state;
    return joined;
  });
  return { state: state!, cells: state ? joinedCells(state) : {}, out, last: out.at(-1) };
}
