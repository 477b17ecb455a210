/** What a call to GET /v1/providers says that a line in a terminal needs. */
export interface ProviderInfo {
  readonly id: string;
  readonly enabled: boolean;
  readonly unitsPerCall: number;
  readonly health: ProviderHealth;
}

export interface ProviderHealth {
  readonly keys: number;
  readonly troubled: number;
  readonly troubles: readonly Trouble[];
  readonly callsPerMinute: number | null;
  readonly waiting: number | null;
  readonly parked: number;
  readonly lag: number | null;
}

export interface Trouble {
  readonly limitKey: string;
  readonly state: string;
  readonly reason: string | null;
  /** ISO date and time. */
  readonly until: string | null;
  readonly calls: number | null;
  readonly byClass: Readonly<Record<string, number>>;
}

/** A provider in trouble: `sign` is what of it is news when it changes, counts are not. */
export interface ProviderLine {
  readonly id: string;
  readonly sign: string;
  readonly text: string;
}

/** How many limit keys a person still wants to hear of one by one: registries, not the hosts of a list. */
const FEW_KEYS = 20;
/** Where more are behind than that, it is not one provider that is slow: a line for all of them. */
const FEW_BEHIND = 3;
/** Stands for a provider's id in that line. */
export const ALL_BEHIND = 'providers';
/** A breaker that waits for a try (`half_open`) is a trouble still: nothing says that the provider is well. */
const WORST_FIRST = ['halted', 'open', 'throttled', 'half_open'];

/**
 * One line per provider in trouble, none for those that are well. `behindMs` says how long what is queued
 * for a provider takes at its pace; undefined where that is not known.
 */
export function providerLines(
  providers: readonly ProviderInfo[],
  behindMs: (provider: ProviderInfo) => number | undefined,
  patienceMs: number,
  now: number,
): ProviderLine[] {
  const on = providers.filter(({ enabled }) => enabled);
  const lines = on.map((provider) => ({ provider, line: troubleLine(provider, now) }));
  const behind = lines.flatMap(({ provider, line }) => {
    const ms = line ? undefined : behindMs(provider);
    return ms !== undefined && ms > patienceMs ? [{ provider, ms }] : [];
  });
  return [...lines.flatMap(({ line }) => line ?? []), ...behindLines(behind)];
}

function troubleLine({ id, health }: ProviderInfo, now: number): ProviderLine | undefined {
  const { keys, troubled, troubles } = health;
  if (keys > FEW_KEYS && troubled * 2 <= keys) return undefined;
  const [worst] = WORST_FIRST.flatMap((state) => troubles.filter((trouble) => trouble.state === state));
  if (!worst) return undefined;
  const { limitKey, state, until } = worst;
  const name = limitKey === id || limitKey.startsWith(`${id}#`) ? limitKey : `${id} (${limitKey})`;
  const others = troubled > 1 ? ` · ${whole(troubled)} of ${whole(keys)} limit keys in trouble` : '';
  const words = `${name}: ${stateWords(worst, now)}${others}${waitingWords(health)}`;
  return { id, sign: `${limitKey} ${state} ${until ?? ''}`, text: `  ${words}` };
}

function stateWords({ state, reason, until, calls, byClass }: Trouble, now: number): string {
  const end = until ? ` until ${clock(Date.parse(until), now)}` : '';
  if (state === 'halted') return `halted${end}, it refuses our key${because(reason)}`;
  if (state === 'open') return `breaker open${end}${failedWords(calls, byClass) ?? because(reason)}`;
  if (state === 'half_open') return `to be tried again${failedWords(calls, byClass) ?? because(reason)}`;
  return reason === 'quota spent' ? `quota spent${end}` : `slowed down${end}${because(reason)}`;
}

/** Undefined where no call of the last minute is known to have failed. */
function failedWords(calls: number | null, byClass: Trouble['byClass']): string | undefined {
  if (calls === null) return undefined;
  const well = (byClass['ok'] ?? 0) + (byClass['absent'] ?? 0) + (byClass['skipped'] ?? 0);
  return calls > well ? ` (${whole(calls - well)} of ${whole(calls)} calls failed)` : undefined;
}

interface Behind {
  readonly provider: ProviderInfo;
  readonly ms: number;
}

function behindLines(behind: readonly Behind[]): ProviderLine[] {
  if (behind.length <= FEW_BEHIND) return behind.map(behindLine);
  const slowest = behind.reduce((a, b) => (b.ms > a.ms ? b : a));
  const text = `  ${whole(behind.length)} providers are behind, most of all${behindLine(slowest).text.slice(1)}`;
  return [{ id: ALL_BEHIND, sign: 'behind', text }];
}

function behindLine({ provider: { id, health }, ms }: Behind): ProviderLine {
  const text = `  ${id}: ${whole(health.lag ?? 0)} messages behind, about ${duration(ms)}${waitingWords(health)}`;
  return { id, sign: 'behind', text };
}

function waitingWords({ waiting, parked }: ProviderHealth): string {
  const parts = [waiting ? `${whole(waiting)} waiting` : '', parked > 0 ? `${whole(parked)} parked` : ''];
  return parts.map((part) => (part ? ` · ${part}` : '')).join('');
}

const LONGEST_REASON = 60;

/** One line of printable text: a provider's words may hold anything. */
function because(reason: string | null): string {
  const text = (reason ?? '').replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  if (text === '') return '';
  return ` (${text.length > LONGEST_REASON ? `${text.slice(0, LONGEST_REASON - 1)}…` : text})`;
}

function whole(n: number): string {
  return n.toLocaleString('en');
}

function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.ceil(minutes / 60)} h`;
}

/** 18:04:10, with the day in front where it is not today; local time. */
function clock(at: number, now: number): string {
  const date = new Date(at);
  const time = date.toLocaleTimeString('en-GB');
  if (date.toDateString() === new Date(now).toDateString()) return time;
  return `${date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })}, ${time}`;
}
