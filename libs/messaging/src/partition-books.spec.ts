import { PartitionBooks } from './partition-books.js';

const topic = 'url.submitted.bulk';

function owning(...partitions: number[]): PartitionBooks {
  const books = new PartitionBooks();
  books.assign({ [topic]: partitions }, false);
  for (const partition of partitions) books.get(topic, partition)!.begin(5);
  return books;
}

test('what ends after its partition went away commits nothing, even when the partition comes back', () => {
  const books = owning(0);
  const stale = books.get(topic, 0)!;
  books.assign({ [topic]: [] }, true);
  books.assign({ [topic]: [0] }, true);
  stale.end(5);
  expect(stale.due()).toBe(6);
  expect(books.due()).toEqual([]);
  expect(books.holds(topic, 0, stale)).toBe(false);
});

test('a partition kept without a break keeps its work in flight', () => {
  const books = owning(0, 1);
  const kept = books.get(topic, 0)!;
  expect(books.assign({ [topic]: [0, 2] }, true)).toEqual([{ topic, partition: 2 }]);
  expect(kept.begin(5)).toBe(false);
  kept.end(5);
  expect(books.due()).toEqual([{ topic, partition: 0, offset: 6, book: kept }]);
  expect(books.partitions()).toEqual([0, 2]);
});

test('after a break everything starts anew', () => {
  const books = owning(0);
  const former = books.get(topic, 0)!;
  expect(books.assign({ [topic]: [0] }, false)).toEqual([{ topic, partition: 0 }]);
  expect(books.get(topic, 0)).not.toBe(former);
  expect(books.get(topic, 0)!.begin(5)).toBe(true);
});
