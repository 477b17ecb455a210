import * as fc from 'fast-check';
import { OffsetBook } from './offset-book.js';

/** A run of one partition: which fetched offset ends when, with refetches of what was handed out before. */
const runs = fc.record({
  gaps: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 40 }),
  order: fc.infiniteStream(fc.nat()),
  refetch: fc.infiniteStream(fc.boolean()),
});

test('never commits past an open offset, refetches hand out nothing twice, all ends committed', () => {
  fc.assert(
    fc.property(runs, ({ gaps, order, refetch }) => {
      const book = new OffsetBook();
      const open: number[] = [];
      const handedOut = new Set<number>();
      let offset = 10;
      let saved = 10;
      book.startAt(10);
      const endOne = () => book.end(open.splice(order.next().value! % open.length, 1)[0]!);
      for (const gap of gaps) {
        offset += gap;
        expect(book.begin(offset)).toBe(true);
        open.push(offset);
        handedOut.add(offset);
        if (refetch.next().value)
          for (const old of [...handedOut].filter((one) => one >= saved)) expect(book.begin(old)).toBe(false);
        if (refetch.next().value && open.length > 0) endOne();
        const due = book.due();
        if (due !== undefined) {
          expect(due).toBeGreaterThan(saved);
          book.committed((saved = due));
        }
        expect(saved).toBeLessThanOrEqual(Math.min(...open, offset + 1));
      }
      while (open.length > 0) endOne();
      expect(book.due() ?? saved).toBe(offset + 1);
      expect(book.processed).toBe(offset + 1);
    }),
  );
});

test('knows nothing before it is told where reading starts', () => {
  const book = new OffsetBook();
  expect(book.processed).toBeUndefined();
  expect(book.due()).toBeUndefined();
  book.startAt(7);
  expect(book.processed).toBe(7);
  expect(book.due()).toBeUndefined();
});

test('what was read counts more than a start that is told late', () => {
  const book = new OffsetBook();
  book.begin(9);
  book.startAt(5);
  expect(book.processed).toBe(9);
  book.end(9);
  expect(book.processed).toBe(10);
});

test('passes over skipped offsets, and waits for open ones before them', () => {
  const book = new OffsetBook();
  book.begin(1);
  book.skip(2);
  expect(book.processed).toBe(1);
  book.end(1);
  expect(book.due()).toBe(3);
  book.skip(1);
  expect(book.due()).toBe(3);
});

test('a log made anew starts a new count instead of hiding its messages', () => {
  const book = new OffsetBook();
  for (const offset of [100, 101]) {
    book.begin(offset);
    book.end(offset);
  }
  book.committed(102);
  expect(book.begin(0)).toBe(true);
  book.end(0);
  expect(book.due()).toBe(1);
});
