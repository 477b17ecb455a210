import type { SubmissionView } from '@assay/contracts';

/** The rows one listener looks at: at most `limit` after `after`. */
export interface RowWindow {
  readonly after: number;
  readonly limit: number;
}

/** What was last sent to one listener. */
export interface Sent {
  view: string;
  /** Version by seq, of the rows of its window. */
  readonly versions: Map<number, number>;
}

export interface RowVersion {
  readonly seq: number;
  readonly version: number;
}

export const nothingSent = (): Sent => ({ view: '', versions: new Map() });

/** Seqs of the window whose version differs from what was sent. A row that nobody joined yet is no news. */
export function changedSeqs(sent: Sent, now: readonly RowVersion[]): number[] {
  return now.filter(({ seq, version }) => version !== (sent.versions.get(seq) ?? 0)).map(({ seq }) => seq);
}

/** One server-sent event; JSON holds no line break. */
export function eventText(event: 'submission' | 'rows' | 'end', data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** The view's event, or undefined where the listener has it already. */
export function viewEvent(sent: Sent, view: SubmissionView): string | undefined {
  const text = eventText('submission', view);
  if (text === sent.view) return undefined;
  sent.view = text;
  return text;
}

export const FASTEST_POLL_MS = 250;
const SLOWEST_POLL_MS = 1_000;

/** Four looks a second while something moves, slowing to one while nothing does. */
export function nextPollMs(last: number, changed: boolean): number {
  return changed ? FASTEST_POLL_MS : Math.min(SLOWEST_POLL_MS, Math.round(last * 1.5));
}
