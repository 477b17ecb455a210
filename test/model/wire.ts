/** What a process wants to do to the world outside it: one statement, one produce, one call. */
export interface Effect {
  readonly what: string;
  /** False while another holds what it needs: a lock. */
  can(): boolean;
  run(): unknown;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** How an effect ends: as it should; done, with the answer lost; not done; done twice by a repeated request. */
export const ENDINGS = ['done', 'unheard', 'refused', 'twice'] as const;
export type Ending = (typeof ENDINGS)[number];

/** The answer was lost, or the other side is away. */
export class Severed extends Error {
  constructor(what: string) {
    super(`no answer: ${what}`);
    this.name = 'Severed';
  }
}

/**
 * All that goes out of one life of one process. Nothing happens before the scheduler lets it: between any
 * two effects others may act, and a kill drops the wire with all that waits at it.
 */
export class Wire {
  readonly effects: Effect[] = [];

  do<T>(what: string, run: () => T, can: () => boolean = () => true): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.effects.push({ what, can, run, resolve: resolve as (value: unknown) => void, reject });
    });
  }

  end(effect: Effect, ending: Ending): void {
    this.effects.splice(this.effects.indexOf(effect), 1);
    if (ending === 'refused') return effect.reject(new Severed(effect.what));
    try {
      const value = effect.run();
      if (ending === 'twice') effect.run();
      if (ending === 'unheard') effect.reject(new Severed(effect.what));
      else effect.resolve(value);
    } catch (error) {
      effect.reject(error as Error);
    }
  }
}

/** Lets a process run until it waits for its next effects: promises, and the turns of the loop that group flushes take. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise(setImmediate);
}
