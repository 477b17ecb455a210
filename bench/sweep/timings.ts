/** Milliseconds of each statement, by the round it belongs to and its name. */
export class Timings {
  readonly #times = new Map<string, number[]>();
  #round = '';

  within(round: string): void {
    this.#round = round;
  }

  async time<T>(name: string, work: () => Promise<T>): Promise<T> {
    const started = performance.now();
    const result = await work();
    const key = `${this.#round} ${name}`;
    this.#times.set(key, [...(this.#times.get(key) ?? []), performance.now() - started]);
    return result;
  }

  of(round: string): Map<string, number[]> {
    return new Map([...this.#times].filter(([key]) => key.startsWith(`${round} `)));
  }

  all(): Map<string, number[]> {
    return this.#times;
  }
}

export interface Described {
  readonly n: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export function describeStatements(times: ReadonlyMap<string, readonly number[]>): Record<string, Described> {
  return Object.fromEntries([...times].map(([name, all]) => [name, describe(all)]));
}

function describe(times: readonly number[]): Described {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!);
  return { n: times.length, p50: at(0.5), p99: at(0.99), max: round(sorted.at(-1)!) };
}

const round = (ms: number) => Math.round(ms * 100) / 100;
