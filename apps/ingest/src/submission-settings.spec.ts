import { settleSubmission, type SubmissionDefaults } from './submission-settings.js';

const defaults: SubmissionDefaults = {
  expressRows: 500,
  express: { round1Ms: 20_000, deadlineMs: 60_000, graceMs: 60_000, patienceMs: 5_000 },
  bulk: { round1Ms: 21_600_000, deadlineMs: 86_400_000, graceMs: 3_600_000, patienceMs: 3_600_000 },
};
const settle = (options: Parameters<typeof settleSubmission>[0], rows = 10) =>
  settleSubmission(options, rows, defaults);

test('the lane follows the number of rows unless one is asked for', () => {
  expect([500, 501].map((rows) => settle({}, rows)?.lane)).toEqual(['express', 'bulk']);
  expect(settle({ lane: 'bulk' })).toMatchObject({
    lane: 'bulk',
    patienceMs: 3_600_000,
    round1Ms: 21_600_000,
  });
});

test('what is asked for wins, zero included', () => {
  expect(
    settle({
      name: 'n',
      patienceMs: 0,
      maxAgeMs: 0,
      weight: 3,
      deadlines: { round1Ms: 5_000, deadlineMs: 9_000 },
    }),
  ).toEqual({
    lane: 'express',
    name: 'n',
    patienceMs: 0,
    maxAgeMs: 0,
    weight: 3,
    round1Ms: 5_000,
    deadlineMs: 9_000,
    graceMs: 60_000,
    ceilings: null,
  });
});

test('refresh is an age of nothing', () => {
  expect(settle({ refresh: true })?.maxAgeMs).toBe(0);
  expect(settle({ refresh: false })?.maxAgeMs).toBeNull();
});

test('one deadline alone moves the other where they would cross', () => {
  expect(settle({ deadlines: { deadlineMs: 30_000 } })).toMatchObject({
    round1Ms: 10_000,
    deadlineMs: 30_000,
  });
  expect(settle({ deadlines: { round1Ms: 60_000 } })).toMatchObject({
    round1Ms: 60_000,
    deadlineMs: 180_000,
  });
  expect(settle({ deadlines: { deadlineMs: 90_000 } })).toMatchObject({
    round1Ms: 20_000,
    deadlineMs: 90_000,
  });
});

test('round one must close before the row', () => {
  expect(settle({ deadlines: { round1Ms: 9_500, deadlineMs: 10_000 } })).toBeUndefined();
});
