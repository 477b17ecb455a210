import type { RowView, SubmissionView } from '@assay/contracts';
import { hasEnded } from '../submissions/submission-view.js';
import { FASTEST_POLL_MS, nextPollMs, type RowVersion, type RowWindow } from './changes.js';
import type { Listener } from './listener.js';

export interface WatchPorts {
  view(): Promise<SubmissionView>;
  versions(windows: readonly RowWindow[]): Promise<RowVersion[][]>;
  rows(seqs: readonly number[]): Promise<RowView[]>;
  failed(error: unknown): void;
  /** Nobody listens any more. */
  ended(): void;
}

/** Looks at one submission for all its listeners, one look at a time, from the first listener to the last. */
export class SubmissionWatch {
  private readonly listeners = new Set<Listener>();
  private timer: NodeJS.Timeout | undefined;
  private looking = false;
  private lastLookAt = -Infinity;
  private pollMs = FASTEST_POLL_MS;
  private stopped = false;

  constructor(
    readonly submission: string,
    private readonly ports: WatchPorts,
  ) {}

  /** Bytes that its listeners have not read. */
  get waitingBytes(): number {
    let sum = 0;
    for (const listener of this.listeners) sum += listener.waitingBytes;
    return sum;
  }

  get size(): number {
    return this.listeners.size;
  }

  /** A newcomer brings the next look forward, but never beyond four a second. */
  add(listener: Listener): void {
    this.listeners.add(listener);
    this.pollMs = FASTEST_POLL_MS;
    this.schedule();
  }

  remove(listener: Listener): void {
    this.listeners.delete(listener);
    if (this.listeners.size === 0) this.stop();
  }

  beat(): void {
    for (const listener of this.listeners) listener.beat();
  }

  /** Breaks all connections. */
  stop(): void {
    if (this.stopped) return;
    this.stopped = true;
    clearTimeout(this.timer);
    for (const listener of this.listeners) listener.drop();
    this.listeners.clear();
    this.ports.ended();
  }

  private schedule(): void {
    if (this.stopped || this.looking) return;
    clearTimeout(this.timer);
    const wait = Math.max(0, this.lastLookAt + this.pollMs - performance.now());
    this.timer = setTimeout(() => void this.look(), wait);
  }

  private async look(): Promise<void> {
    this.looking = true;
    this.lastLookAt = performance.now();
    try {
      this.pollMs = nextPollMs(this.pollMs, await this.tell());
    } catch (error) {
      this.ports.failed(error);
      this.stop();
    } finally {
      this.looking = false;
      this.schedule();
    }
  }

  /** @returns whether there was news for anybody. */
  private async tell(): Promise<boolean> {
    const ready = [...this.listeners].filter((listener) => listener.isReady);
    const view = await this.ports.view();
    const missing = await this.missing(ready);
    const rows = await this.fetch(missing);
    let news = rows.size > 0;
    for (const listener of ready) {
      // What others were sent meanwhile may have filled what all may hold.
      if (!listener.isReady) continue;
      listener.sendRows(present(missing.get(listener) ?? [], rows));
      news = listener.sendView(view) || news;
    }
    if (hasEnded(view) && rows.size === 0) this.finish(ready);
    return news;
  }

  private async missing(ready: readonly Listener[]): Promise<Map<Listener, number[]>> {
    const withRows = ready.filter(({ window }) => window.limit > 0);
    if (withRows.length === 0) return new Map();
    const versions = await this.ports.versions(withRows.map(({ window }) => window));
    return new Map(withRows.map((listener, i) => [listener, listener.missing(versions[i] ?? [])]));
  }

  private async fetch(missing: ReadonlyMap<Listener, readonly number[]>): Promise<Map<number, RowView>> {
    const seqs = [...new Set([...missing.values()].flat())];
    if (seqs.length === 0) return new Map();
    return new Map((await this.ports.rows(seqs)).map((row) => [row.seq, row]));
  }

  /** Only after a look that found no row left to tell. */
  private finish(ready: readonly Listener[]): void {
    for (const listener of ready) {
      listener.end();
      this.remove(listener);
    }
  }
}

function present(seqs: readonly number[], rows: ReadonlyMap<number, RowView>): RowView[] {
  return seqs.flatMap((seq) => rows.get(seq) ?? []);
}
