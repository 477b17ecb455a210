import type { SubmissionView } from '@assay/contracts';

/** Rate and time left go by the last seconds, not by the whole run: it starts slowly and ends in a tail. */
const WINDOW_MS = 5_000;

export interface Sample {
  readonly at: number;
  readonly final: number;
}

/** Rows final a second, over the samples of the window that ends with the last one; 0 while unknown. */
export function rowsPerSecond(samples: readonly Sample[]): number {
  const last = samples.at(-1);
  const first = last && samples.find(({ at }) => at >= last.at - WINDOW_MS);
  if (!last || !first || first.at === last.at) return 0;
  return ((last.final - first.final) * 1_000) / (last.at - first.at);
}

/** Seconds until all rows are final at this rate; undefined while nothing moves. */
export function secondsLeft(view: SubmissionView, rate: number): number | undefined {
  const open = view.rows.total - view.rows.final;
  if (open === 0) return 0;
  return rate > 0 ? Math.ceil(open / rate) : undefined;
}

const BAR = 30;

/** What a terminal shows while a list runs, one string a line. `elapsedMs` is since it was handed in. */
export function progressLines(view: SubmissionView, rate: number, elapsedMs: number): string[] {
  const { rows, cells } = view;
  const share = rows.total === 0 ? 1 : rows.final / rows.total;
  const bar = '█'.repeat(Math.round(share * BAR)).padEnd(BAR, '░');
  const left = secondsLeft(view, rate);
  const time = left === undefined ? '' : `  about ${left} s left`;
  return [
    `  rows   ${bar} ${rows.final} of ${rows.total} final, ${rows.partial} partial  ${rate.toFixed(0)} URLs/s${time}`,
    `  cells  ${cells.ok} ok · ${cells.absent} absent · ${cells.failed} failed · ${cells.skipped} skipped · ${cells.pending} open  (${(elapsedMs / 1_000).toFixed(1)} s)`,
  ];
}

/** The same in one line, for logs and pipes. */
export function progressLine(view: SubmissionView, rate: number, elapsedMs: number): string {
  const { rows, cells } = view;
  return `${(elapsedMs / 1_000).toFixed(1)} s: ${rows.final} of ${rows.total} rows final, ${rate.toFixed(0)} URLs/s; cells ${cells.ok} ok, ${cells.absent} absent, ${cells.failed} failed, ${cells.skipped} skipped, ${cells.pending} open`;
}

/** A list has ended when its state says so and every row is final. */
export function hasEnded(view: SubmissionView): boolean {
  return (view.state === 'complete' || view.state === 'cancelled') && view.rows.final === view.rows.total;
}
