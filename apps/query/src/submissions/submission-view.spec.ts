import fc from 'fast-check';
import { createRegistry } from '@assay/providers';
import { testProviders } from '../../test/seed.js';
import { hasEnded, submissionView, type CountRecord, type SubmissionRecord } from './submission-view.js';

const ID = '019b0000-0000-7000-8000-000000000001';
const registry = createRegistry(testProviders);

const record: SubmissionRecord = {
  id: ID,
  name: 'first',
  state: 'running',
  lane: 'express',
  asks: ['page', 'moz.url'],
  lines: '300',
  accepted: '285',
  duplicate: '9',
  rejected: '6',
  created_at: new Date('2026-01-01T00:00:00Z'),
  completed_at: null,
};
const n = (ask: string, outcome: string, amount: number, detail = ''): CountRecord => ({
  submission: ID,
  ask,
  outcome,
  detail,
  n: String(amount),
});

test('rows that no count mentions are waiting, cells that none mentions are pending', () => {
  const view = submissionView(
    record,
    [
      n('', 'waiting', 20),
      n('', 'partial', 5),
      n('', 'final', 100),
      n('page', 'ok', 90),
      n('page', 'absent', 4),
    ],
    registry,
  );
  expect(view.counts).toEqual({ lines: 300, accepted: 285, duplicate: 9, rejected: 6 });
  expect(view.rows).toEqual({ total: 285, waiting: 180, partial: 5, final: 100 });
  expect(view.cells).toEqual({ planned: 570, ok: 90, absent: 4, failed: 0, skipped: 0, pending: 476 });
});

test('each ask says its provider, its round and why cells are missing', () => {
  const counts = [
    n('moz.url', 'failed', 2, 'timeout'),
    n('moz.url', 'failed', 1, 'auth'),
    n('moz.url', 'skipped', 7, 'quota'),
    n('moz.url', 'skipped', 0, 'budget'),
  ];
  const view = submissionView(record, counts, registry);
  expect(view.asks[1]).toEqual({
    ask: 'moz.url',
    provider: 'moz',
    round: 2,
    planned: 285,
    ok: 0,
    absent: 0,
    failed: 3,
    skipped: 7,
    pending: 275,
    reasons: { 'failed(timeout)': 2, 'failed(auth)': 1, 'skipped(quota)': 7 },
  });
});

test('an ask whose provider was removed keeps its counts', () => {
  const view = submissionView({ ...record, asks: ['gone.url'] }, [n('gone.url', 'ok', 285)], registry);
  expect(view.asks[0]).toMatchObject({ ask: 'gone.url', provider: 'gone', ok: 285, pending: 0 });
});

test('ceilings are in USD', () => {
  const ceilings = { microUsd: 1_500_000, providers: { moz: { calls: 3 } } };
  expect(submissionView({ ...record, ceilings }, [], registry).ceilings).toEqual({
    maxPrice: 1.5,
    providers: { moz: { maxCalls: 3 } },
  });
  expect(submissionView({ ...record, ceilings: {} }, [], registry).ceilings).toBeNull();
});

test('the identities hold for whatever was counted so far', () => {
  const outcome = fc.constantFrom('ok', 'absent', 'failed', 'skipped');
  const cells = fc.array(fc.tuple(fc.constantFrom('page', 'moz.url'), outcome, fc.nat(30)), { maxLength: 8 });
  fc.assert(
    fc.property(cells, fc.nat(100), fc.nat(100), (given, partial, final) => {
      const counts = [
        n('', 'partial', partial),
        n('', 'final', final),
        ...given.map(([a, o, k]) => n(a, o, k)),
      ];
      const { rows, cells: sum, asks } = submissionView(record, counts, registry);
      expect(rows.waiting + rows.partial + rows.final).toBe(rows.total);
      expect(sum.ok + sum.absent + sum.failed + sum.skipped + sum.pending).toBe(sum.planned);
      for (const ask of asks)
        expect(ask.ok + ask.absent + ask.failed + ask.skipped + ask.pending).toBe(ask.planned);
    }),
  );
});

test('it has ended when complete, or cancelled with every row final', () => {
  const all = [n('', 'final', 285)];
  expect(hasEnded(submissionView({ ...record, state: 'complete' }, all, registry))).toBe(true);
  expect(hasEnded(submissionView({ ...record, state: 'cancelled' }, all, registry))).toBe(true);
  expect(hasEnded(submissionView({ ...record, state: 'cancelled' }, [], registry))).toBe(false);
  expect(hasEnded(submissionView(record, all, registry))).toBe(false);
});
