import { PassThrough } from 'node:stream';
import type { RowView, SubmissionView } from '@assay/contracts';
import {
  changedSeqs,
  eventText,
  nothingSent,
  viewEvent,
  type RowVersion,
  type RowWindow,
} from './changes.js';

/** Bytes that may wait for a slow reader. Above it nothing is added: what it missed comes with the next look. */
export const MOST_WAITING_BYTES = 1024 * 1024;
/** Rows of one event; the rest follows with the next look. */
const MOST_ROWS = 200;

/** One open connection: what it looks at and what it has. */
export class Listener {
  readonly stream = new PassThrough({ highWaterMark: MOST_WAITING_BYTES });
  private readonly sent = nothingSent();

  /** `room`: whether all listeners together hold less than they may. */
  constructor(
    readonly window: RowWindow,
    private readonly room: () => boolean = () => true,
  ) {
    // Proxies and browsers hand on nothing before the first bytes.
    this.stream.write('retry: 2000\n\n');
  }

  get waitingBytes(): number {
    return this.stream.readableLength;
  }

  /** Has room for news. */
  get isReady(): boolean {
    return !this.stream.destroyed && this.waitingBytes < MOST_WAITING_BYTES && this.room();
  }

  /** @returns whether it was news. */
  sendView(view: SubmissionView): boolean {
    const text = viewEvent(this.sent, view);
    if (text) this.stream.write(text);
    return text !== undefined;
  }

  /** The seqs it has to be told about, the first of them. */
  missing(versions: readonly RowVersion[]): number[] {
    return changedSeqs(this.sent, versions).slice(0, MOST_ROWS);
  }

  sendRows(rows: readonly RowView[]): void {
    if (rows.length === 0) return;
    for (const { seq, version } of rows) this.sent.versions.set(seq, version);
    this.stream.write(eventText('rows', rows));
  }

  beat(): void {
    if (this.isReady) this.stream.write(': still here\n\n');
  }

  /** The last event: nothing will change any more. */
  end(): void {
    this.stream.end(eventText('end', {}));
  }

  /** The connection breaks; a browser comes back by itself. */
  drop(): void {
    this.stream.end();
  }
}
