import type { StateChange } from '@assay/fetching';

/** The newest change of each limit key that waits to be written; where there are too many the oldest is left out. */
export class NewestChanges {
  readonly #waiting = new Map<string, StateChange>();

  constructor(private readonly most: number) {}

  get size(): number {
    return this.#waiting.size;
  }

  note(change: StateChange): void {
    const name = `${change.provider} ${change.limitKey}`;
    this.#waiting.delete(name);
    this.#waiting.set(name, change);
    if (this.#waiting.size > this.most) this.#waiting.delete(this.#waiting.keys().next().value!);
  }

  /** Takes out so many of those that waited longest. */
  take(most: number): StateChange[] {
    const taken = [...this.#waiting].slice(0, most);
    for (const [name] of taken) this.#waiting.delete(name);
    return taken.map(([, change]) => change);
  }
}
