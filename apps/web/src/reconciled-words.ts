import type { Reconciled } from '@assay/contracts';
import { whole } from './numbers.js';

/** What was lost on the way and what became of it; empty where nothing was, which is the rule. */
export function reconciledWords({ rows, stuck }: Reconciled): string {
  if (rows === 0) return '';
  const taken = `${rowsOf(rows)} had no result after the deadline and ${rows === 1 ? 'was' : 'were'} taken up again`;
  if (stuck === 0) return `${taken}.`;
  return `${taken}; ${whole(stuck)} of them ${stuck === 1 ? 'is' : 'are'} stuck, and the list stays open until they are mended.`;
}

function rowsOf(n: number): string {
  return n === 1 ? '1 row' : `${whole(n)} rows`;
}
