import type { UnitKind } from '@assay/providers';
import type { Shortfall } from './forecast.js';
import type { PlanWindow } from './limit-pace.js';

const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const FINE = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
export const whole = (n: number) => WHOLE.format(n);

const SPANS: readonly [ms: number, name: string][] = [
  [86_400_000, 'days'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
];

/** 1,002,240,000 → 11.6 days */
export function span(ms: number): string {
  const [unit, name] = SPANS.find(([least]) => ms >= least) ?? [1_000, 's'];
  return `${FINE.format(ms / unit)} ${name === 'days' && ms === unit ? 'day' : name}`;
}

const EACH: ReadonlyMap<number, string> = new Map([
  [1_000, 'a second'],
  [60_000, 'a minute'],
  [3_600_000, 'an hour'],
  [86_400_000, 'a day'],
]);

/** 1 call a second, 30,000 units in 30 days */
export function rate({
  permits,
  keys,
  perMs,
  of,
}: Pick<PlanWindow, 'permits' | 'keys' | 'perMs' | 'of'>): string {
  const count = permits * keys;
  return `${whole(count)} ${count === 1 ? of.slice(0, -1) : of} ${EACH.get(perMs) ?? `in ${span(perMs)}`}`;
}

const MANY: Readonly<Record<UnitKind, string>> = {
  url: 'URLs',
  host: 'hosts',
  origin: 'origins',
  domain: 'domains',
  handle: 'accounts',
};

/** What stands in the way of all units of a provider, in a sentence: the limit, the time, how many will be skipped. */
export function shortfallWords(short: Shortfall, kinds: readonly UnitKind[], hasOwnKeys: boolean): string {
  const what = kinds.length === 1 ? MANY[kinds[0]!] : 'units';
  const whose = hasOwnKeys ? ` of ${short.name}` : '';
  const { window } = short;
  const pace = window ? ` at ${rate(window)}` : '';
  const takes = `${whole(short.unitsOfKey)} ${what}${whose}${pace} take ${span(short.wholeMs)}`;
  const wait =
    short.endedBy === 'deadline'
      ? `their round closes after ${span(short.waitMs)}`
      : `a unit waits ${span(short.waitMs)} at most (patienceMs)`;
  const where = short.keys > 1 ? ` of ${whole(short.keys)} limit keys` : '';
  return `${takes}; ${wait}: about ${whole(short.units)} ${what}${where} will be skipped(quota).`;
}

/** Such units end skipped(unsupported) without a call. */
export function unsupportedWords(units: number): string {
  const are = units === 1 ? 'unit is' : 'units are';
  return `${whole(units)} ${are} of a kind that is not taken, such as addresses in place of names: skipped(unsupported).`;
}

/** 1.5 → 1.50 USD, 0.000123 → 0.000123 USD */
export function usd(amount: number): string {
  return `${amount.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 6 })} USD`;
}
