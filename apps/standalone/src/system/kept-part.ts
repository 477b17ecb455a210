import { setTimeout as pause } from 'node:timers/promises';
import { nextRestart, restartDelay } from '../supervisor/restart-delay.js';

/** A broker or a database that runs as a child of ours. */
export interface Part {
  readonly pid: number;
  readonly ended: Promise<void>;
  stop(withinMs?: number): Promise<void>;
}

/** A part that cannot be started for long (its disk is full) is told of this often. */
const SAY_EVERY_MS = 30_000;

export interface PartEvents {
  note(text: string): void;
}

/** A part that is started again on the same port and folder when it dies, as services are. */
export class KeptPart<P extends Part> {
  private stopping = false;
  private restarts = 0;

  private constructor(
    private readonly name: string,
    private current: P,
    private readonly begin: () => Promise<P>,
    private readonly events: PartEvents,
  ) {}

  static async start<P extends Part>(
    name: string,
    begin: () => Promise<P>,
    events: PartEvents,
  ): Promise<KeptPart<P>> {
    const part = new KeptPart(name, await begin(), begin, events);
    void part.watch();
    return part;
  }

  get pid(): number {
    return this.current.pid;
  }

  get value(): P {
    return this.current;
  }

  async stop(withinMs?: number): Promise<void> {
    this.stopping = true;
    await this.current.stop(withinMs);
  }

  private async watch(): Promise<void> {
    for (;;) {
      const startedAt = Date.now();
      await this.current.ended;
      if (this.stopping) return;
      this.restarts = nextRestart(this.restarts, Date.now() - startedAt);
      this.events.note(`${this.name} ended; starting it again`);
      await this.again();
      if (this.stopping) return this.current.stop();
    }
  }

  /** Without end: its services wait for it, and what was handed in is kept. */
  private async again(): Promise<void> {
    let saidAt = -Infinity;
    for (;;) {
      await pause(restartDelay(this.restarts));
      if (this.stopping) return;
      try {
        this.current = await this.begin();
        this.events.note(`${this.name} is back`);
        return;
      } catch (error) {
        this.restarts += 1;
        if (performance.now() - saidAt < SAY_EVERY_MS) continue;
        saidAt = performance.now();
        this.events.note(`${this.name} cannot be started, trying again: ${(error as Error).message}`);
      }
    }
  }
}
