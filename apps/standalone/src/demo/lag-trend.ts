import type { ProviderInfo } from './provider-lines.js';

/** A trend is told from no less, and goes back no more than twice as far. */
const SHORTEST_MS = 10_000;

interface Look {
  readonly at: number;
  readonly lag: number;
}

/** How long queues take, by how they were seen to shrink and by the calls made. Times are passed in, in ms. */
export class LagTrends {
  readonly #looks = new Map<string, Look[]>();

  note(providers: readonly ProviderInfo[], at: number): void {
    for (const { id, health } of providers) {
      const { lag } = health;
      // A queue that was empty, or is not known, begins anew.
      const before = lag ? (this.#looks.get(id) ?? []).filter((look) => look.at >= at - 2 * SHORTEST_MS) : [];
      this.#looks.set(id, lag ? [...before, { at, lag }] : []);
    }
  }

  /**
   * ms until what is queued now is handled; undefined while it is too early to tell, or nothing moves: then
   * something else is the matter.
   */
  behindMs({ id, unitsPerCall, health }: ProviderInfo): number | undefined {
    const looks = this.#looks.get(id) ?? [];
    const [first, last] = [looks[0], looks.at(-1)];
    if (!first || !last || last.at - first.at < SHORTEST_MS) return undefined;
    const shrinks = (first.lag - last.lag) / (last.at - first.at);
    const perMs = Math.max(shrinks, ((health.callsPerMinute ?? 0) * unitsPerCall) / 60_000);
    return perMs > 0 ? last.lag / perMs : undefined;
  }
}
