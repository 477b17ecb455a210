import type { Lane, MessageName } from '@assay/contracts';
import { lagOf } from './group-lag.js';

const reader = (partitions: number[], processed: Record<string, bigint>) => ({
  settings: { messages: ['url.submitted'] as MessageName[] },
  assigned: () => partitions,
  processed: (message: MessageName, lane: Lane, partition: number) =>
    processed[`${message}.${lane} ${partition}`],
});
const ends = (express: [number, bigint][], bulk: [number, bigint][]) =>
  new Map([
    ['url.submitted.express', new Map(express)],
    ['url.submitted.bulk', new Map(bulk)],
  ]);
const PROCESSED = { 'url.submitted.express 1': 4n, 'url.submitted.bulk 1': 10n };

test('messages of both lanes on assigned partitions count; what was handled meanwhile is no debt', () => {
  const both = ends(
    [
      [0, 99n],
      [1, 7n],
    ],
    [[1, 12n]],
  );
  expect(lagOf(reader([1], PROCESSED), both)).toBe(5);
  expect(lagOf(reader([1], PROCESSED), ends([[1, 3n]], [[1, 10n]]))).toBe(0);
});

test('what is not known makes the lag unknown, not smaller', () => {
  const known = ends([[1, 7n]], [[1, 12n]]);
  expect(lagOf(reader([1, 2], PROCESSED), known)).toBeUndefined();
  expect(lagOf(reader([1], { 'url.submitted.express 1': 4n }), known)).toBeUndefined();
  expect(lagOf(reader([1], PROCESSED), new Map())).toBeUndefined();
  expect(lagOf(reader([], PROCESSED), known)).toBeUndefined();
});
