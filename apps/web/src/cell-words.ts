import type { Attempt, CellView, FailureClass, RowState, SkipReason } from '@assay/contracts';
import { moment } from './numbers.js';

/** Why a cell shows no number, in words. `long` is a whole sentence. */
export interface CellWords {
  readonly kind: 'absent' | 'failed' | 'skipped' | 'pending';
  readonly short: string;
  readonly long: string;
}

type Words = readonly [short: string, long: string];

const FAILED: Readonly<Record<FailureClass, Words>> = {
  bad_request: ['question refused', 'The provider refused the question as malformed.'],
  auth: ['key refused', 'The provider refused our key. Check the key of this provider.'],
  quota: ['quota used up', 'The quota of our key is used up.'],
  rate_limited: ['asked too fast', 'The provider says we ask too fast, also after waiting.'],
  server: ['provider error', 'The provider answered with an error of its own.'],
  malformed: [
    'unreadable answer',
    'What came back is not what the provider promises, so no number was taken from it.',
  ],
  timeout: ['no answer in time', 'The provider did not answer in time.'],
  network: ['connection failed', 'The connection failed before there was an answer.'],
};

const SKIPPED: Readonly<Record<SkipReason, Words>> = {
  expired: ['time was over', 'Its turn did not come before the deadline of the row, so it was not asked.'],
  provider_down: [
    'provider down',
    'The provider is failing for everybody at the moment, so it was not asked.',
  ],
  quota: ['quota used up', 'The quota would not have been free in time, so it was not asked.'],
  budget: ['budget used up', 'The budget of this list is used up, so it was not asked.'],
  same_unit: [
    'same as round one',
    'It would have been the same question as in round one; see the answer there.',
  ],
  no_fact: ['nothing to ask about', 'Round one did not find what this question is about.'],
  robots: ['robots.txt forbids', 'The site asks robots not to read this page, and we comply.'],
  unsupported: ['not for this URL', 'The provider does not cover this kind of address.'],
  triage: ['not worth asking', 'Earlier answers already settled it.'],
  cancelled: ['cancelled', 'The list was cancelled before this was asked.'],
};

/** Words for a cell without a number; undefined where it has one. */
export function cellWords(
  cell: CellView | undefined,
  state: RowState,
  round: number,
  now: number,
): CellWords | undefined {
  if (!cell) return pendingWords(state, round);
  if (cell.outcome === 'ok') return undefined;
  if (cell.outcome === 'absent')
    return {
      kind: 'absent',
      short: 'provider has nothing',
      long: 'The provider answered that it has nothing about this.',
    };
  return { kind: cell.outcome, ...attemptWords(cell, now) };
}

function pendingWords(state: RowState, round: number): CellWords {
  if (state === 'waiting') return { kind: 'pending', short: 'waiting', long: 'This row waits for its turn.' };
  if (state === 'final')
    return { kind: 'pending', short: 'not planned', long: 'This was not asked for this row.' };
  return round === 2
    ? {
        kind: 'pending',
        short: 'needs round one',
        long: 'It is asked as soon as round one has found what it is about.',
      }
    : { kind: 'pending', short: 'asked, no answer yet', long: 'It was asked; the answer is on its way.' };
}

function attemptWords({ outcome, detail, until }: Attempt, now: number): { short: string; long: string } {
  const table: Readonly<Record<string, Words>> = outcome === 'failed' ? FAILED : SKIPPED;
  const [short, long] = table[detail ?? ''] ?? [detail ?? 'no reason given', 'No reason was given.'];
  if (until === undefined || until <= now) return { short, long };
  const when = moment(until, now);
  return { short: `${short} until ${when}`, long: `${long} Asking again makes sense after ${when}.` };
}

/** What a later attempt came to that left the value as it was; undefined where the value is the latest. */
export function lastAttemptWords(cell: CellView, now: number): string | undefined {
  const { last } = cell;
  if (!last || (last.outcome !== 'failed' && last.outcome !== 'skipped')) return undefined;
  const tried = `${last.outcome}: ${attemptWords(last, now).short}`;
  if (cell.stale) return `Older value, from ${moment(cell.at, now)}; last try ${tried}.`;
  return `Last try ${tried}. The value is from before.`;
}

/** `failed(no_such)` as it stands in counts → `failed: no such`, in the words of cells. */
export function reasonWords(reason: string): string {
  const [, outcome = '', detail = ''] = /^(\w+)\((\w*)\)$/.exec(reason) ?? [];
  const table: Readonly<Record<string, Words>> = outcome === 'failed' ? FAILED : SKIPPED;
  return table[detail]?.[0] ?? (detail || reason).replaceAll('_', ' ');
}
