import { SUBMISSION_STATES } from '@assay/contracts';
import { MOVES, nextState } from './next-state.js';

test('what each move does in each state', () => {
  const table = Object.fromEntries(
    MOVES.map((move) => [move, SUBMISSION_STATES.filter((state) => nextState(state, move).ok)]),
  );
  expect(table).toEqual({
    pause: ['running', 'paused'],
    resume: ['running', 'paused'],
    start: ['running', 'paused', 'truncated'],
  });
});

test('a move that does not apply says why', () => {
  expect(nextState('complete', 'pause')).toEqual({
    ok: false,
    reason: 'This submission is complete. Only a running submission can be paused.',
  });
});
