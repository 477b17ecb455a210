import { readFileSync } from 'node:fs';

/** One statement: how long it took, and what of that its backend was computing. Milliseconds. */
interface Taken {
  readonly wall: number;
  readonly cpu: number;
}

/** Each statement's time, by the round it belongs to and its name. `pid`: the one backend that answers all of them. */
export class Timings {
  readonly #times = new Map<string, Taken[]>();
  #round = '';

  constructor(private readonly pid: number) {}

  within(round: string): void {
    this.#round = round;
  }

  async time<T>(name: string, work: () => Promise<T>): Promise<T> {
    const cpu = this.#cpuMs();
    const started = performance.now();
    const result = await work();
    const taken = { wall: performance.now() - started, cpu: this.#cpuMs() - cpu };
    const key = `${this.#round} ${name}`;
    this.#times.set(key, [...(this.#times.get(key) ?? []), taken]);
    return result;
  }

  of(round: string): [string, Taken[]][] {
    return [...this.#times].filter(([key]) => key.startsWith(`${round} `));
  }

  all(): [string, Taken[]][] {
    return [...this.#times];
  }

  /** As the kernel counts it, in nanoseconds: says what a statement costs on a machine that does other things too. */
  #cpuMs(): number {
    return Number(readFileSync(`/proc/${this.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  }
}

export interface Described {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export type Statement = Described & { readonly n: number; readonly cpu: Described };

export function describeStatements(times: readonly [string, readonly Taken[]][]): Record<string, Statement> {
  return Object.fromEntries(
    times.map(([name, all]) => [
      name,
      {
        n: all.length,
        ...describe(all.map(({ wall }) => wall)),
        cpu: describe(all.map(({ cpu }) => cpu)),
      },
    ]),
  );
}

export function describe(times: readonly number[]): Described {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!);
  return { p50: at(0.5), p99: at(0.99), max: round(sorted.at(-1)!) };
}

const round = (ms: number) => Math.round(ms * 100) / 100;
