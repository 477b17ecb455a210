import type { Lane } from '@assay/contracts';
import { isQuota, permitsWithin, timeFor, type PlanWindow } from './limit-pace.js';

/** So many limit keys with the same work each. */
export interface KeyLoad {
  /** One of them. */
  readonly name: string;
  readonly keys: number;
  /** Of each key. */
  readonly units: number;
  readonly batches: number;
  /** What it takes of a window that counts calls. */
  readonly permits: number;
  /** Requests that follow each other in one batch. */
  readonly requestsInTurn: number;
  readonly round: 1 | 2;
  readonly windows: readonly PlanWindow[];
  /** The provider has asked for a pause of so many ms. */
  readonly pausedMs: number;
}

export interface ProviderLoad {
  readonly provider: string;
  readonly concurrency: number;
  readonly concurrencyPerKey: number;
  readonly keys: readonly KeyLoad[];
  /** Its answers begin to come when this provider's do: facts are found there. */
  readonly after?: string | undefined;
}

export interface ListTerms {
  readonly rows: number;
  readonly lane: Lane;
  readonly round1Ms: number;
  readonly deadlineMs: number;
  readonly patienceMs: number;
  /** Rows that may be dispatched and not yet final. */
  readonly inFlightRows: number;
}

/** Units that will find no permit in time. */
export interface Shortfall {
  /** What ends the wait of a unit. */
  readonly endedBy: 'patience' | 'deadline';
  readonly units: number;
  readonly keys: number;
  /** The key that lacks most, with its units, and how long all of them would take. */
  readonly name: string;
  readonly unitsOfKey: number;
  readonly wholeMs: number;
  /** What sets the pace there. */
  readonly window: PlanWindow | undefined;
  /** Longest wait of a unit, ms. */
  readonly waitMs: number;
  /** Milliseconds from now until permits of a quota come back. */
  readonly backInMs: number | undefined;
}

export interface ProviderForecast {
  readonly endMs: number;
  readonly short: Shortfall | undefined;
}

/** Assumed of one request; what a provider really takes is measured, not planned. */
export const LATENCY_MS = 200;
/** Requests expire this long before their round closes. */
const EXPIRY_MS = 2_000;

/**
 * When each provider will be done, and what will find no permit in time: a unit waits for its permit no longer than
 * patience and deadline allow, and a list has so many rows in flight at once. Pure.
 */
export function forecast(
  providers: readonly ProviderLoad[],
  terms: ListTerms,
): { readonly endMs: number; readonly providers: ReadonlyMap<string, ProviderForecast> } {
  const arrivalMs = arrival(providers, terms);
  const found = new Map<string, ProviderForecast>();
  const inTurn = [...providers].sort((a, b) => Number(a.after !== undefined) - Number(b.after !== undefined));
  for (const load of inTurn) {
    const own = foresee(load, terms, arrivalMs);
    const finder = load.keys.length > 0 && load.after !== undefined ? found.get(load.after) : undefined;
    const factsMs = finder ? Math.min(finder.endMs, terms.round1Ms + arrivalMs) + LATENCY_MS : 0;
    found.set(load.provider, { ...own, endMs: Math.max(own.endMs, factsMs) });
  }
  const endMs = Math.max(0, ...[...found.values()].map((one) => one.endMs));
  return { endMs: Math.min(endMs, arrivalMs + terms.deadlineMs), providers: found };
}

/** Over how many ms the rows of a list are dispatched: those beyond the ones in flight come at the pace of what they wait for. */
function arrival(providers: readonly ProviderLoad[], terms: ListTerms): number {
  const later = Math.max(0, terms.rows - terms.inFlightRows) / Math.max(1, terms.rows);
  if (later === 0) return 0;
  let pace = 0;
  for (const load of providers) {
    pace = Math.max(
      pace,
      placesMs(load, (key) => key.batches),
    );
    for (const key of load.keys)
      if (isPatient(key, terms)) pace = Math.max(pace, timeOf(key, inTime(key, terms, 0), terms.lane));
  }
  return pace * later;
}

/** True where nothing in flight waits too long for the rate of its key: then the key sets the pace, and skips nothing. */
function isPatient(key: KeyLoad, terms: ListTerms): boolean {
  const queue = Math.min(key.units, terms.inFlightRows);
  return queue <= unitsWithin(key, waitOf(key, terms), terms.lane, (window) => !isQuota(window));
}

/** Units of one key that find their permit in time. */
function inTime(key: KeyLoad, terms: ListTerms, arrivalMs: number): number {
  const waitMs = waitOf(key, terms) + arrivalMs;
  const counts = isPatient(key, terms) ? isQuota : () => true;
  return Math.min(key.units, unitsWithin(key, waitMs, terms.lane, counts));
}

function foresee(load: ProviderLoad, terms: ListTerms, arrivalMs: number): ProviderForecast {
  let endMs = placesMs(load, (key) => batchesFor(key, inTime(key, terms, arrivalMs)));
  let short: Shortfall | undefined;
  for (const key of load.keys) {
    const answered = inTime(key, terms, arrivalMs);
    const own = (batchesFor(key, answered) * batchMs(key)) / load.concurrencyPerKey;
    if (answered > 0) endMs = Math.max(endMs, timeOf(key, answered, terms.lane) + batchMs(key), own);
    if (answered < key.units) short = added(short, key, key.units - answered, terms);
  }
  return { endMs, short };
}

function added(short: Shortfall | undefined, key: KeyLoad, missing: number, terms: ListTerms): Shortfall {
  const units = (short?.units ?? 0) + missing * key.keys;
  const keys = (short?.keys ?? 0) + key.keys;
  if (short && short.unitsOfKey >= key.units) return { ...short, units, keys };
  const waitMs = waitOf(key, terms);
  const window = slowest(key, terms.lane);
  const quota = window && isQuota(window) ? window.backInMs : undefined;
  return {
    endedBy: waitMs < terms.patienceMs ? 'deadline' : 'patience',
    units,
    keys,
    name: key.name,
    unitsOfKey: key.units,
    wholeMs: timeOf(key, key.units, terms.lane),
    window,
    waitMs,
    backInMs: quota ?? (key.pausedMs > waitMs ? key.pausedMs : undefined),
  };
}

function waitOf({ round }: KeyLoad, { round1Ms, deadlineMs, patienceMs }: ListTerms): number {
  return Math.min(patienceMs, Math.max(0, (round === 1 ? round1Ms : deadlineMs) - EXPIRY_MS));
}

/** Units whose permits are there within `waitMs`, by the windows that `counts` takes. */
function unitsWithin(
  key: KeyLoad,
  waitMs: number,
  lane: Lane,
  counts: (window: PlanWindow) => boolean,
): number {
  if (key.pausedMs > waitMs) return 0;
  let units = key.units;
  for (const window of key.windows) {
    if (!counts(window)) continue;
    const permits = permitsWithin(window, waitMs - key.pausedMs, lane);
    const own =
      window.of === 'units' ? permits : Math.floor((permits * key.units) / Math.max(1, key.permits));
    units = Math.min(units, own);
  }
  return units;
}

/** Milliseconds until the permit of the last of so many units is there. */
function timeOf(key: KeyLoad, units: number, lane: Lane): number {
  return (
    key.pausedMs +
    Math.max(0, ...key.windows.map((window) => timeFor(window, needOf(key, units, window), lane)))
  );
}

function slowest(key: KeyLoad, lane: Lane): PlanWindow | undefined {
  let slow: { window: PlanWindow; ms: number } | undefined;
  for (const window of key.windows) {
    const ms = timeFor(window, needOf(key, key.units, window), lane);
    if (!slow || ms > slow.ms) slow = { window, ms };
  }
  return slow?.window;
}

function needOf(key: KeyLoad, units: number, { of }: PlanWindow): number {
  return of === 'units' ? units : Math.ceil((key.permits * units) / Math.max(1, key.units));
}

function batchesFor(key: KeyLoad, units: number): number {
  return Math.ceil((key.batches * units) / Math.max(1, key.units));
}

const batchMs = ({ requestsInTurn }: KeyLoad) => LATENCY_MS * Math.max(1, requestsInTurn);

/** What the places for calls in flight allow, limits aside. */
function placesMs({ keys, concurrency }: ProviderLoad, batches: (key: KeyLoad) => number): number {
  return keys.reduce((sum, key) => sum + (batches(key) * key.keys * batchMs(key)) / concurrency, 0);
}
