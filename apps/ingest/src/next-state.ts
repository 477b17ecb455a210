import type { SubmissionState } from '@assay/contracts';

export const MOVES = ['pause', 'resume', 'start'] as const;
export type Move = (typeof MOVES)[number];

interface Rule {
  readonly from: SubmissionState;
  readonly to: SubmissionState;
  readonly remedy: string;
}

const RULES: Readonly<Record<Move, Rule>> = {
  pause: { from: 'running', to: 'paused', remedy: 'Only a running submission can be paused.' },
  resume: { from: 'paused', to: 'running', remedy: 'Only a paused submission can be resumed.' },
  start: {
    from: 'truncated',
    to: 'running',
    remedy: 'Only a submission whose upload was cut waits to be started.',
  },
};

/** Where a move leads, or why it does not apply. Asking again for what is so already is no fault. */
export function nextState(
  state: SubmissionState,
  move: Move,
): { ok: true; from: SubmissionState; to: SubmissionState } | { ok: false; reason: string } {
  // Kept for its plan and not begun yet, it is started like one whose upload was cut.
  if (move === 'start' && state === 'paused') return { ok: true, from: 'paused', to: 'running' };
  const { from, to, remedy } = RULES[move];
  if (state === from || state === to) return { ok: true, from, to };
  return { ok: false, reason: `This submission is ${state}. ${remedy}` };
}
