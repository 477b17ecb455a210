import type { Postgres } from './database.js';
import { Wire } from './wire.js';

export interface Step {
  readonly what: string;
  /** Ends a stop or a lag: takes its time. */
  readonly rare?: true;
  run(): unknown;
}

/** Work that nothing but time asks for: a look at a table, a sweep. Not begun while it runs already. */
export type Chores = Readonly<Record<string, () => Promise<unknown>>>;

/** What all processes have in common: they can be killed, stopped for a while, and started anew. */
export abstract class Process {
  wire = new Wire();
  /** Lives so far. */
  life = 0;
  asleep = false;
  protected chores: Chores = {};
  readonly #running = new Set<string>();

  constructor(
    readonly name: string,
    protected readonly postgres: Postgres,
  ) {}

  /** Builds it anew, with nothing in memory. */
  protected abstract begin(): void;

  start(): void {
    this.life++;
    this.begin();
  }

  /** What was on its way out is gone, and so is all it knew. It is started again at once. */
  kill(): void {
    this.postgres.abandon(this.wire);
    this.wire = new Wire();
    this.#running.clear();
    this.asleep = false;
    this.start();
  }

  wakes(): Step {
    return { what: `${this.name} wakes`, rare: true, run: () => (this.asleep = false) };
  }

  /** Steps that bring on what is under way. */
  progress(): Step[] {
    return this.wire.effects
      .filter((effect) => effect.can())
      .map((effect) => ({
        what: `${this.name}: ${effect.what}`,
        run: () => effect.can() && this.wire.end(effect, 'done'),
      }));
  }

  /** Steps that begin something. */
  idle(): Step[] {
    return Object.keys(this.chores)
      .filter((chore) => !this.#running.has(chore))
      .map((chore) => ({ what: `${this.name}: ${chore}`, run: () => this.#begin(chore) }));
  }

  /** A failure of the surroundings is logged in life, and tried again: what is owed stays so. */
  #begin(chore: string): void {
    const { wire } = this;
    this.#running.add(chore);
    const ended = () => {
      if (this.wire === wire) this.#running.delete(chore);
    };
    this.chores[chore]!().then(ended, (error: unknown) => {
      ended();
      this.failed(error);
    });
  }

  /** Called with what a chore failed by. */
  protected failed(_error: unknown): void {
    // Severed effects are faults of the surroundings; all else is looked for in the end state.
  }
}
