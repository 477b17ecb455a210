import { setTimeout as pause } from 'node:timers/promises';
import type { Lane } from '@assay/contracts';
import type { ApiClient } from './api-client.js';
import { LagTrends } from './lag-trend.js';
import { ALL_BEHIND, providerLines, type ProviderInfo, type ProviderLine } from './provider-lines.js';
import type { LiveLines } from './screen.js';

const LOOK_EVERY_MS = 1_000;
const SAY_EVERY_MS = 10_000;

/** Longest wait for a limit by lane, in ms. */
export type Patience = Readonly<Record<Lane, number>>;

/** Which providers are in trouble, as the API tells it; asked for at most once a second. */
export class ProviderWatch {
  readonly #trends = new LagTrends();
  #lines: readonly ProviderLine[] = [];
  #lookedAt = -Infinity;
  #looking: Promise<void> | undefined;

  constructor(
    private readonly api: Pick<ApiClient, 'providers'>,
    private readonly patience: Patience,
  ) {}

  /** As last seen. Looks again where that is a second ago, without waiting for it. */
  lines(lane: Lane, now: number): readonly ProviderLine[] {
    if (now - this.#lookedAt >= LOOK_EVERY_MS) void this.look(lane, now);
    return this.#lines;
  }

  /** Never rejects: while the API is away the last lines stand. */
  look(lane: Lane, now: number): Promise<void> {
    this.#lookedAt = now;
    return (this.#looking ??= this.#look(lane, now).finally(() => (this.#looking = undefined)));
  }

  async #look(lane: Lane, now: number): Promise<void> {
    const providers = await this.api.providers().catch(() => undefined);
    if (!providers) return;
    this.#trends.note(providers, now);
    const behind = (provider: ProviderInfo) => this.#trends.behindMs(provider);
    this.#lines = providerLines(providers, behind, this.patience[lane], now);
  }
}

/** Lines that are news after those that were said last. A provider that is well again is news too. */
export function news(said: readonly ProviderLine[], lines: readonly ProviderLine[]): string[] {
  const changed = lines.filter(({ id, sign }) => !said.some((old) => old.id === id && old.sign === sign));
  const over = said.filter((old) => !lines.some(({ id }) => id === old.id) && !isToldElsewhere(old, lines));
  return [
    ...changed.map(({ text }) => text),
    ...over.map(({ id, sign }) => `  ${id}: ${sign === 'behind' ? 'caught up' : 'well again'}`),
  ];
}

/** Providers that are behind may move from lines of their own to one for all, and back. */
function isToldElsewhere({ id, sign }: ProviderLine, lines: readonly ProviderLine[]): boolean {
  const behind = lines.filter((line) => line.sign === 'behind');
  return sign === 'behind' && behind.some((line) => id === ALL_BEHIND || line.id === ALL_BEHIND);
}

/** Says every 10 s, while a list runs, what has changed about providers in trouble. Ends with `signal`. */
export async function sayTroubles(
  api: Pick<ApiClient, 'providers' | 'runningLane'>,
  patience: Patience,
  live: Pick<LiveLines, 'say'>,
  signal: AbortSignal,
): Promise<void> {
  const watch = new ProviderWatch(api, patience);
  let said: readonly ProviderLine[] = [];
  while (!signal.aborted) {
    const lane = await api.runningLane().catch(() => undefined);
    if (lane) {
      const now = Date.now();
      await watch.look(lane, now);
      const lines = watch.lines(lane, now);
      for (const text of news(said, lines)) live.say(text);
      said = lines;
    } else said = [];
    await pause(SAY_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}
