import type { RowView, SubmissionView } from '@assay/contracts';

export interface LiveEvents {
  view(view: SubmissionView): void;
  rows(rows: readonly RowView[]): void;
  /** Nothing changes any more. */
  end(): void;
  lost(): void;
  back(): void;
}

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 15_000;

/** Listens to a submission and one page of its rows; comes back by itself when the connection is lost. */
export class Live {
  private source: EventSource | undefined;
  private timer: number | undefined;
  private retryMs = FIRST_RETRY_MS;
  private lost = false;

  constructor(
    private readonly eventsPath: string,
    private readonly events: LiveEvents,
  ) {}

  /** Watches `limit` rows after the cursor, in place of those before. */
  watch(after: string | undefined, limit: number): void {
    this.close();
    const query = new URLSearchParams({ limit: String(limit) });
    if (after) query.set('after', after);
    this.open(`${this.eventsPath}?${query}`);
  }

  close(): void {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = undefined;
  }

  private open(path: string): void {
    const source = (this.source = new EventSource(path));
    source.addEventListener('open', () => this.isBack());
    source.addEventListener('submission', ({ data }) =>
      this.events.view(JSON.parse(data as string) as SubmissionView),
    );
    source.addEventListener('rows', ({ data }) => this.events.rows(JSON.parse(data as string) as RowView[]));
    source.addEventListener('end', () => {
      this.close();
      this.events.end();
    });
    source.addEventListener('error', () => this.isLost(source, path));
  }

  private isBack(): void {
    this.retryMs = FIRST_RETRY_MS;
    if (this.lost) this.events.back();
    this.lost = false;
  }

  /** A browser comes back by itself, except from an answer that is an error. */
  private isLost(source: EventSource, path: string): void {
    if (source !== this.source) return;
    if (!this.lost) this.events.lost();
    this.lost = true;
    if (source.readyState !== EventSource.CLOSED) return;
    this.timer = setTimeout(() => this.open(path), this.retryMs);
    this.retryMs = Math.min(LONGEST_RETRY_MS, this.retryMs * 2);
  }
}
