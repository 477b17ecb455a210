import type { SubmissionState } from '@assay/contracts';

export const MOVES = ['pause', 'resume', 'start', 'cancel'] as const;
export type Move = (typeof MOVES)[number];

export interface Current {
  readonly state: SubmissionState;
  readonly dispatched: number;
}

interface Rule {
  readonly from: readonly SubmissionState[];
  readonly to: SubmissionState;
  readonly remedy: string;
}

const RULES: Readonly<Record<Move, Rule>> = {
  pause: { from: ['running'], to: 'paused', remedy: 'Only a running submission can be paused.' },
  resume: { from: ['paused'], to: 'running', remedy: 'Only a paused submission can be resumed.' },
  start: {
    from: ['truncated', 'paused'],
    to: 'running',
    remedy:
      'Only a submission whose upload was cut, or that was only planned, waits to be started. A paused one is resumed.',
  },
  cancel: {
    from: ['running', 'paused', 'truncated'],
    to: 'cancelled',
    remedy: 'Only one that waits or runs can be cancelled.',
  },
};

const WHY_NOT: Partial<Record<Move, Partial<Record<SubmissionState, string>>>> = {
  resume: {
    complete:
      'Every row of it is final already: there is nothing left to resume. If it was paused: deadlines go on meanwhile, and what ' +
      'waited past its own ended skipped(expired). POST …/retry with {"reasons":["expired"]} asks that again.',
  },
  cancel: {
    complete: 'Every row of it is final already: there is nothing left to cancel.',
    receiving: 'Its upload is not over: end the upload instead, and what was sent is kept or dropped.',
  },
};

export type NextState =
  { readonly ok: true; readonly to: SubmissionState } | { readonly ok: false; readonly reason: string };

/** Where a move leads, or why it does not apply. Asking again for what is so already is no fault. */
export function nextState({ state, dispatched }: Current, move: Move): NextState {
  const { from, to, remedy } = RULES[move];
  if (state === to) return { ok: true, to };
  if (from.includes(state) && !(move === 'start' && state === 'paused' && dispatched > 0))
    return { ok: true, to };
  const why = WHY_NOT[move]?.[state] ?? remedy;
  return { ok: false, reason: `This submission is ${state}. ${why}` };
}
