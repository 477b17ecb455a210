import type { SkipReason, SubmissionState, SubmissionView } from '@assay/contracts';
import { whole } from './numbers.js';

export interface Control {
  readonly verb: 'start' | 'pause' | 'resume' | 'cancel' | 'retry';
  readonly text: string;
  /** What pressing it will do, in a sentence or two. */
  readonly does: string;
  /** Where given, it is asked first. */
  readonly confirm?: string;
}

/** Skipped for these, a cell would only end the same again: a retry without a filter leaves it alone. */
export const NOT_RETRIED: readonly SkipReason[] = [
  'same_unit',
  'no_fact',
  'unsupported',
  'robots',
  'cancelled',
];

const PAUSE: Control = {
  verb: 'pause',
  text: 'Pause',
  does: 'Begins no more calls. Rows sent out already keep their deadlines: what waits past them is skipped as expired.',
};
const RESUME: Control = { verb: 'resume', text: 'Resume', does: 'Goes on with the rows that wait.' };
const START: Control = {
  verb: 'start',
  text: 'Start with what arrived',
  does: 'Asks about the lines that came before the upload was cut.',
};

/** What can be done with a list now, in the order of the buttons. */
export function controlsOf(view: SubmissionView): Control[] {
  return [...moveOf(view), ...cancelOf(view), ...retryOf(view)];
}

function moveOf({ state }: SubmissionView): Control[] {
  const moves: Partial<Record<SubmissionState, Control>> = {
    running: PAUSE,
    paused: RESUME,
    truncated: START,
  };
  return moves[state] ? [moves[state]] : [];
}

function cancelOf({ state, rows }: SubmissionView): Control[] {
  if (state !== 'running' && state !== 'paused' && state !== 'truncated') return [];
  const left = rows.total - rows.final;
  const does =
    'Asks nothing more. What was answered stays; every cell without an answer ends as skipped: cancelled.';
  const confirm = `Cancel this list? ${left === 1 ? '1 row is' : `${whole(left)} rows are`} not final yet. ${does} It cannot be resumed.`;
  return [{ verb: 'cancel', text: 'Cancel', does, confirm }];
}

function retryOf(view: SubmissionView): Control[] {
  const { failed, skipped } = retryable(view);
  if (view.state === 'truncated' || view.state === 'receiving' || failed + skipped === 0) return [];
  const does =
    `Asks again what failed (${whole(failed)}) or was skipped (${whole(skipped)}) in rows that are final, and what ` +
    'depends on it. Numbers that are there stay.';
  return [{ verb: 'retry', text: 'Try failed again', does }];
}

function retryable(view: SubmissionView): { failed: number; skipped: number } {
  const sum = { failed: 0, skipped: 0 };
  for (const { failed, reasons } of view.asks) {
    sum.failed += failed;
    for (const [reason, n] of Object.entries(reasons))
      if (reason.startsWith('skipped(') && !NOT_RETRIED.some((lasting) => reason === `skipped(${lasting})`))
        sum.skipped += n;
  }
  return sum;
}
