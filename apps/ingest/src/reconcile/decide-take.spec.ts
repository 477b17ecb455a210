import { decideTake, isReminder, MAX_TAKES } from './decide-take.js';

const due = { takes: 0, sent: false, dueAt: 1_000 };

test.each([
  ['nothing is passed yet', due, undefined, 5, 'wait'],
  ['what is passed was sampled too early', due, 999, 5, 'wait'],
  ['passed, and rows are missing', due, 1_000, 5, 'take'],
  ['passed, and nothing is missing', due, 1_000, 0, 'settle'],
  ['the last take is owed', { ...due, takes: 1 }, 9_000, 5, 'wait'],
  ['the last take is owed, though its rows came', { ...due, takes: 1 }, 9_000, 0, 'wait'],
  ['the first take did not help', { ...due, takes: 1, sent: true }, 1_000, 5, 'take'],
  ['the second did not either', { ...due, takes: 2, sent: true }, 1_000, 1, 'take'],
  ['nor the third', { ...due, takes: MAX_TAKES, sent: true }, 1_000, 1, 'stuck'],
  ['the third did', { ...due, takes: MAX_TAKES, sent: true }, 1_000, 0, 'settle'],
] as const)('%s', (_name, state, passedAt, missing, verdict) => {
  expect(decideTake(state, passedAt, missing)).toBe(verdict);
});

test('only the first take is a reminder', () => {
  expect([1, 2, 3].map(isReminder)).toEqual([true, false, false]);
});
