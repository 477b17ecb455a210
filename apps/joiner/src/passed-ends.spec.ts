import type { MessageName } from '@assay/contracts';
import { PassedEnds } from './passed-ends.js';

function consumer(
  processed: Partial<Record<MessageName, bigint>>,
  ends: Partial<Record<MessageName, bigint>>,
) {
  const asked: MessageName[] = [];
  return {
    asked,
    processedNow: processed,
    assigned: () => [3],
    processed: (message: MessageName) => processed[message],
    endOffsets: async (message: MessageName) => {
      asked.push(message);
      return new Map([[3, ends[message] ?? 0n]]);
    },
  };
}

const HANDLED = { 'url.submitted': 5n, 'metric.round1': 9n, 'metric.round2': 0n };

test('a partition waits until everything that lay unread is handled', async () => {
  const positions = consumer({ ...HANDLED }, { ...HANDLED, 'metric.round1': 10n });
  const ends = new PassedEnds('bulk', positions);
  await ends.sample([3], 1_000);
  expect(ends.passed()).toEqual([]);
  positions.processedNow['metric.round1'] = 10n;
  expect(ends.passed()).toEqual([{ partition: 3, at: 1_000 }]);
});

test('the ends are sampled once, however much comes in afterwards', async () => {
  const positions = consumer(HANDLED, HANDLED);
  const ends = new PassedEnds('bulk', positions);
  await ends.sample([3], 1_000);
  await ends.sample([3], 2_000);
  expect(positions.asked).toEqual(['url.submitted', 'metric.round1', 'metric.round2']);
  expect(ends.passed()).toEqual([{ partition: 3, at: 1_000 }]);
  ends.forget([3]);
  await ends.sample([3], 3_000);
  expect(ends.passed()).toEqual([{ partition: 3, at: 3_000 }]);
});

test('a position that is not known judges nothing', async () => {
  const ends = new PassedEnds('bulk', consumer({}, {}));
  await ends.sample([3], 1_000);
  expect(ends.passed()).toEqual([]);
});
