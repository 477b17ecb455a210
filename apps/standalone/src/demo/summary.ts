import type { SubmissionView } from '@assay/contracts';

/**
 * The counts as sums that anybody can check: lines = accepted + duplicate + rejected, and of all
 * planned cells each is ok, absent, failed or skipped once the run has ended.
 */
export function countLines(view: SubmissionView): string[] {
  const { counts, rows, cells } = view;
  const open = cells.pending > 0 ? ` + ${cells.pending} open` : '';
  return [
    `  lines  ${counts.lines} = ${counts.accepted} accepted + ${counts.duplicate} duplicate + ${counts.rejected} rejected`,
    `  cells  ${cells.planned} (${rows.total} rows × ${view.asks.length} asks) = ${cells.ok} ok + ${cells.absent} absent + ${cells.failed} failed + ${cells.skipped} skipped${open}`,
    ...askLines(view.asks),
  ];
}

function askLines(asks: SubmissionView['asks']): string[] {
  const longest = Math.max(0, ...asks.map(({ ask }) => ask.length));
  return asks.map((ask) => `         ${ask.ask.padEnd(longest)}  ${outcomesOf(ask)}`);
}

/** Reasons stand for failed and skipped: they sum to both. */
function outcomesOf(ask: SubmissionView['asks'][number]): string {
  const reasons = Object.entries(ask.reasons).filter(([, n]) => n > 0);
  const parts = [`${ask.ok} ok`, `${ask.absent} absent`, ...reasons.map(([reason, n]) => `${n} ${reason}`)];
  return parts.join(', ');
}

/** What does not add up, in words; empty when every sum holds. */
export function brokenSums(view: SubmissionView): string[] {
  const { counts, rows, cells } = view;
  const broken: string[] = [];
  if (counts.lines !== counts.accepted + counts.duplicate + counts.rejected)
    broken.push('lines are not accepted + duplicate + rejected');
  if (rows.total !== rows.waiting + rows.partial + rows.final)
    broken.push('rows are not waiting + partial + final');
  if (cells.planned !== cells.ok + cells.absent + cells.failed + cells.skipped + cells.pending)
    broken.push('cells planned are not ok + absent + failed + skipped + open');
  if (cells.planned !== rows.total * view.asks.length) broken.push('cells planned are not rows × asks');
  return broken;
}

/** Where everything is, for a person to click or copy. */
export function placeLines(address: string, view: SubmissionView, logFolder: string): string[] {
  return [
    `  page    ${address}${view.links.page}`,
    `  API     ${address}${view.links.self}   (described in ${address}/openapi.json)`,
    `  export  curl -o rows.csv '${address}${view.links.csv}'`,
    `  logs    ${logFolder}`,
  ];
}
