import { LASTING_REASONS, SUBMISSION_STATES, type AskCounts, type SubmissionView } from '@assay/contracts';
import { controlsOf, NOT_RETRIED } from './list-controls.js';

const counts = { lines: 9, accepted: 9, duplicate: 0, rejected: 0 };
const view = (state: SubmissionView['state'], asks: Partial<AskCounts>[] = []) =>
  ({
    state,
    counts,
    rows: { total: 9, waiting: 2, partial: 0, final: 7 },
    asks,
  }) as unknown as SubmissionView;

test('what can be done in each state', () => {
  const failed = [{ failed: 3, reasons: { 'failed(timeout)': 3 } }];
  const verbs = SUBMISSION_STATES.map((state) => [
    state,
    controlsOf(view(state, failed)).map(({ verb }) => verb),
  ]);
  expect(Object.fromEntries(verbs as [string, string[]][])).toEqual({
    receiving: [],
    running: ['pause', 'cancel', 'retry'],
    paused: ['resume', 'cancel', 'retry'],
    complete: ['retry'],
    cancelled: ['retry'],
    truncated: ['start', 'cancel'],
  });
});

test('failed cells, and skipped ones that may end otherwise, can be tried again', () => {
  const asks = [
    { failed: 3, reasons: { 'failed(timeout)': 3, 'skipped(quota)': 4, 'skipped(same_unit)': 5 } },
    { failed: 0, reasons: { 'skipped(cancelled)': 7 } },
  ];
  expect(controlsOf(view('complete', asks))[0]?.does).toContain('failed (3) or was skipped (4)');
  expect(controlsOf(view('complete', asks.slice(1)))).toEqual([]);
  expect(NOT_RETRIED).toEqual(LASTING_REASONS);
});

test('a cancel is asked about first, with what is at stake', () => {
  const cancel = controlsOf(view('running')).find(({ verb }) => verb === 'cancel');
  expect(cancel?.confirm).toMatch(/^Cancel this list\? 2 rows are not final yet\. .* cannot be resumed\.$/);
});
