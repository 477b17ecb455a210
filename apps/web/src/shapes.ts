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
  readonly health: {
    readonly state: string;
    readonly keys: number;
    readonly troubled: number;
    readonly troubles: readonly {
      readonly limitKey: string;
      readonly state: string;
      readonly reason: string | null;
      readonly until: string | null;
    }[];
  };
}
