/** Ways in which a provider can be made to fail. docs/simulator.md says what each does on the wire. */
export const FAULT_NAMES = [
  'slow',
  'tail',
  'hang',
  '429',
  '500',
  '503',
  'garbage',
  'truncated',
  'html',
  'empty',
  'reset',
  'trickle',
  'oversized',
  'wrong-type',
  'strings',
  'nulls',
  'error-200',
  'auth',
  'quota',
  'bad-request',
  'missing',
  'duplicated',
  'reordered',
] as const;
export type FaultName = (typeof FAULT_NAMES)[number];

export interface Fault {
  readonly provider: string;
  readonly fault: FaultName;
  /** Added latency of `slow` (default 3,000); length of `trickle` (default 30,000). */
  readonly ms?: number;
  /** Only calls to this host: one registry, one site. */
  readonly host?: string;
  /** Calls of this provider that still go well after the fault was set. */
  readonly after?: number;
  /** Share of calls that are hit, 0–1; evenly spread. Default 1. */
  readonly share?: number;
}

/** A fault from one time on for a while, both counted from the script's beginning. */
export interface PlannedFault extends Fault {
  readonly atMs: number;
  readonly forMs: number;
}

interface Active extends Fault {
  seen: number;
  /** By the simulator's clock, in ms since 1970; a fault that was set by hand holds until it is lifted. */
  readonly from?: number;
  readonly until?: number;
}

/** Faults by provider (and host); the last one set wins. */
export class Faults {
  private active: Active[] = [];

  set(fault: Fault): void {
    this.active = this.active.filter((one) => one.provider !== fault.provider || one.host !== fault.host);
    this.active.unshift({ ...fault, seen: 0 });
  }

  /** Adds what a script plans; its times count from `now`. */
  plan(script: readonly PlannedFault[], now: number): void {
    const planned = script.map(({ atMs, forMs, ...fault }) => ({
      ...fault,
      seen: 0,
      from: now + atMs,
      until: now + atMs + forMs,
    }));
    this.active.unshift(...planned);
  }

  clear(provider?: string): void {
    this.active = provider === undefined ? [] : this.active.filter((one) => one.provider !== provider);
  }

  list(): Fault[] {
    return this.active.map(({ seen: _, ...fault }) => fault);
  }

  /** The fault that hits this call, if any, and its number among the calls since the fault was set. */
  hit(provider: string, host: string, now: number): { fault: Fault; nth: number } | undefined {
    const fault = this.active.find(
      (one) =>
        one.provider === provider &&
        (!one.host || one.host === host) &&
        now >= (one.from ?? 0) &&
        now < (one.until ?? Infinity),
    );
    if (!fault) return undefined;
    const nth = fault.seen++ - (fault.after ?? 0);
    if (nth < 0) return undefined;
    const share = fault.share ?? 1;
    return Math.floor((nth + 1) * share) > Math.floor(nth * share) ? { fault, nth } : undefined;
  }
}

/** What is wrong with this request to set a fault; undefined: nothing. */
export function faultProblem(value: Readonly<Record<string, unknown>> | undefined): string | undefined {
  if (typeof value?.['provider'] !== 'string' || value['provider'] === '') return 'provider is missing';
  if (!FAULT_NAMES.includes(String(value['fault']) as FaultName))
    return `fault must be one of ${FAULT_NAMES.join(', ')}`;
  for (const name of ['ms', 'after', 'share']) {
    const number = value[name];
    if (number !== undefined && (typeof number !== 'number' || !(number >= 0)))
      return `${name} must be 0 or more`;
  }
  return value['host'] === undefined || typeof value['host'] === 'string' ? undefined : 'host must be a text';
}
