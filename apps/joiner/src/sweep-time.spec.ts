import { catalogue, cell, DEADLINE_AT, DUE, planOf, ROUND1_AT, submitted, T } from './join-row.fixture.js';
import { joinRow } from './join-row.js';
import type { RowEvent } from './row-event.js';
import { sweepTime, sweepTimeAfter, type StoredRow } from './sweep-time.js';

const settings = { catalogue, lane: 'bulk', now: T } as const;

/** The row after these events, swept at the close of round one. */
function swept(...events: RowEvent[]): StoredRow {
  const { state } = joinRow(undefined, events, settings)!;
  const after = joinRow(state, [DUE], { ...settings, now: ROUND1_AT })!.state;
  return { revision: 1, sweepAt: sweepTimeAfter(after, ROUND1_AT), state: after };
}

function timeAfter(before: StoredRow, event: RowEvent): number | null {
  const { state } = joinRow(before.state, [event], { ...settings, now: ROUND1_AT + 1 })!;
  return sweepTime(before, state, 'bulk');
}

test('a row that is known at the close of round one is looked at again at its deadline, whatever is read meanwhile', () => {
  expect(timeAfter(swept(submitted()), cell('dns'))).toBe(DEADLINE_AT);
  expect(timeAfter(swept(submitted()), submitted())).toBe(DEADLINE_AT);
});

test('one that is known only after it is looked at at once: nothing else closes its round one', () => {
  expect(timeAfter(swept(cell('dns')), submitted())).toBe(ROUND1_AT);
});

test('so is one that has more to ask', () => {
  const times = { round1At: ROUND1_AT + 9, deadlineAt: DEADLINE_AT + 9 };
  expect(timeAfter(swept(submitted()), submitted(planOf({ page: 1 }, times)))).toBe(ROUND1_AT + 9);
});
