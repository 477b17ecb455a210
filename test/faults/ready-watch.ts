import { setTimeout as wait } from 'node:timers/promises';
import type { Readiness } from '@assay/telemetry';

interface Look {
  /** ms since 1970. */
  readonly at: number;
  readonly status: number;
  /** Names of what was away. */
  readonly away: readonly string[];
}

const EVERY_MS = 100;

/** Looks at `/health/ready` ten times a second and remembers what it said. */
export class ReadyWatch {
  readonly looks: Look[] = [];
  /** Longest time that an answer took, in ms. */
  slowestMs = 0;
  private stopped = false;
  private readonly running: Promise<void>;

  constructor(private readonly address: string) {
    this.running = this.run();
  }

  get last(): Look | undefined {
    return this.looks.at(-1);
  }

  /** Milliseconds from `since` until it first said that `part` is away; undefined where it never did. */
  firstAway(part: string, since: number): number | undefined {
    const look = this.looks.find(({ at, away }) => at >= since && away.includes(part));
    return look && look.at - since;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      const at = Date.now();
      this.looks.push({ at, ...(await this.look()) });
      this.slowestMs = Math.max(this.slowestMs, Date.now() - at);
      await wait(EVERY_MS);
    }
  }

  private async look(): Promise<Omit<Look, 'at'>> {
    const reply = await fetch(`${this.address}/health/ready`, { signal: AbortSignal.timeout(5_000) });
    const { parts } = (await reply.json()) as Readiness;
    return { status: reply.status, away: Object.keys(parts).filter((name) => !parts[name]!.ok) };
  }
}
