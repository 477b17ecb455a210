import { monitorEventLoopDelay } from 'node:perf_hooks';
import { readPulses, type Database, type Pulse } from '@assay/database';
import type { Pressure } from './bulk-delay.js';

const RESOLUTION_MS = 20;
/** They say it once a second. */
const LISTEN_EVERY_MS = 500;
/** Five beats: a process that says nothing for so long is stopped, dead, or PostgreSQL does not hear it. */
const HEARD_WITHIN_MS = 5_000;

/** How much bulk presses: on this process, and on those that say how they are. */
export class PressureWatch {
  private readonly lag = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  private others: Pulse[] = [];
  private heardAt = -Infinity;

  constructor(private readonly database: Database) {}

  start(): void {
    this.lag.enable();
  }

  stop(): void {
    this.lag.disable();
  }

  /** Twice a second at most. Rejects where PostgreSQL is away: then nothing can be dispatched either. */
  async listen(): Promise<void> {
    if (performance.now() - this.heardAt < LISTEN_EVERY_MS) return;
    this.others = await readPulses(this.database, HEARD_WITHIN_MS);
    this.heardAt = performance.now();
  }

  /** Since this was asked last. */
  take(expressSendMs: number): Pressure {
    const loopLagMs = Math.max(0, this.lag.percentile(99) / 1e6 - RESOLUTION_MS);
    this.lag.reset();
    return { loopLagMs, expressSendMs, others: this.others };
  }
}
