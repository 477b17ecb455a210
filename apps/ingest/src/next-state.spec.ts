import { SUBMISSION_STATES } from '@assay/contracts';
import { MOVES, nextState } from './next-state.js';
import { kindsOf, readFilter } from './retry/read-filter.js';

function allowed(dispatched: number): Record<string, string[]> {
  return Object.fromEntries(
    MOVES.map((move) => [
      move,
      SUBMISSION_STATES.filter((state) => nextState({ state, dispatched }, move).ok),
    ]),
  );
}

test('what each move does in each state', () => {
  expect(allowed(1)).toEqual({
    pause: ['running', 'paused'],
    resume: ['running', 'paused'],
    start: ['running', 'truncated'],
    cancel: ['running', 'paused', 'cancelled', 'truncated'],
  });
});

test('a submission that waits with nothing dispatched, as a plan does, can be started', () => {
  expect(allowed(0)['start']).toEqual(['running', 'paused', 'truncated']);
});

test.each([
  ['complete', 'pause', 'This submission is complete. Only a running submission can be paused.'],
  [
    'complete',
    'cancel',
    'This submission is complete. Every row of it is final already: there is nothing left to cancel.',
  ],
  ['cancelled', 'resume', 'This submission is cancelled. Only a paused submission can be resumed.'],
] as const)('%s: %s does not apply and says why', (state, move, reason) => {
  expect(nextState({ state, dispatched: 9 }, move)).toEqual({ ok: false, reason });
});

test('resumed too late, it names the retry that asks what expired meanwhile', () => {
  const next = nextState({ state: 'complete', dispatched: 9 }, 'resume');
  expect(next).toMatchObject({ ok: false, reason: expect.stringMatching(/deadlines go on meanwhile/) });
  const [filter] = /{.*}/.exec(next.ok ? '' : next.reason)!;
  const read = readFilter(filter);
  expect(read.ok && kindsOf(read.filter)).toEqual(['skipped/expired']);
});
