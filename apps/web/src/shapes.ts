/** What the API answers, beside the shapes of the contracts. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export interface RejectedLine {
  readonly seq: number;
  readonly line: string;
  readonly reason: string;
}

export interface MetricInfo {
  readonly id: string;
  readonly type: string;
  readonly unit: string;
  readonly meaning: string;
}

export interface ProviderInfo {
  readonly id: string;
  readonly title: string;
  readonly enabled: boolean;
  readonly why: string;
  readonly asks: readonly { readonly id: string; readonly round: number; readonly unit: string }[];
  readonly metrics: readonly MetricInfo[];
  readonly limits: readonly { readonly permits: number; readonly perMs: number; readonly of: string }[];
  readonly health: ProviderHealth;
}

export interface Quota {
  readonly left: number;
  readonly permits: number;
  readonly of: string;
  readonly resetsAt: string | null;
  readonly pausedUntil: string | null;
}

/** Figures of the last minute; null where not known. */
interface Figures {
  readonly calls: number | null;
  readonly callsPerMinute: number | null;
  readonly successRate: number | null;
  readonly rateLimitedShare: number | null;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly quota: Quota | null;
  readonly parked: number;
}

export interface Trouble extends Figures {
  readonly limitKey: string;
  readonly state: string;
  readonly reason: string | null;
  readonly until: string | null;
}

export interface ProviderHealth extends Figures {
  readonly state: string;
  readonly keys: number;
  readonly troubled: number;
  readonly open: number;
  readonly halfOpen: number;
  readonly troubles: readonly Trouble[];
  readonly waiting: number | null;
  readonly lag: number | null;
}
