import type { CountBounds, PlannedProvider, PriceBounds, SubmissionPlan } from '@assay/contracts';
import Table from 'cli-table3';

const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const USD = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 4 });
const FINE = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const NO_RULES_BETWEEN_ROWS = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };
const NARROWEST = 60;

/** A plan as a table, what will be skipped below it, and how to run it. */
export function planLines(plan: SubmissionPlan, columns: number): string[] {
  const table = new Table({
    head: ['provider', 'fresh', 'to ask', 'calls', 'USD', 'quota', 'done after'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [] },
    chars: NO_RULES_BETWEEN_ROWS,
  });
  for (const provider of plan.providers) table.push(rowOf(provider));
  table.push(['all', '', '', counts(plan.calls), price(plan.price), '', span(plan.endS)]);
  const skipped = plan.skipped.flatMap((why) => wrapped(why, Math.max(NARROWEST, columns) - 6));
  return [
    `${WHOLE.format(plan.rows)} rows of ${WHOLE.format(plan.counts.lines)} lines; nothing was asked.`,
    table.toString(),
    plan.exact
      ? '  Calls and prices are exact, retries aside.'
      : '  Likely (at most) where facts of round one decide, or how full batches get: never more, retries aside.',
    ...(skipped.length > 0 ? ['  Will not be asked:', ...skipped] : []),
  ];
}

function rowOf({ provider, asks, calls, price: costs, quotaShare, endS }: PlannedProvider): string[] {
  const fresh = asks.reduce((sum, ask) => sum + ask.fresh, 0);
  const toAsk = asks.reduce(
    (sum, { toAsk: { min, likely, max } }) => ({
      min: sum.min + min,
      likely: sum.likely + likely,
      max: sum.max + max,
    }),
    { min: 0, likely: 0, max: 0 },
  );
  const share = quotaShare === null ? '' : `${FINE.format(quotaShare * 100)} %`;
  return [provider, WHOLE.format(fresh), counts(toAsk), counts(calls), price(costs), share, span(endS)];
}

/** 120, or 120 (≤ 300) where facts decide, or how full batches get. */
export function counts({ likely, max }: CountBounds): string {
  return max === likely ? WHOLE.format(likely) : `${WHOLE.format(likely)} (≤ ${WHOLE.format(max)})`;
}

function price({ likely, max }: PriceBounds): string {
  if (max === 0) return '';
  const shown = (amount: number) => USD.format(amount);
  return shown(max) === shown(likely) ? shown(likely) : `${shown(likely)} (≤ ${shown(max)})`;
}

/** 0.4 s, 12 min, 1.5 h, 3 d */
export function span(seconds: number): string {
  if (seconds < 60) return `${FINE.format(seconds)} s`;
  if (seconds < 3_600) return `${FINE.format(seconds / 60)} min`;
  return seconds < 86_400 ? `${FINE.format(seconds / 3_600)} h` : `${FINE.format(seconds / 86_400)} d`;
}

function wrapped(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1)!;
    if (last !== '' && last.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.map((line, at) => `${at === 0 ? '  – ' : '    '}${line}`);
}
