import { reconciledWords } from './reconciled-words.js';

test('nothing is said in quiet runs', () => {
  expect(reconciledWords({ rows: 0, stuck: 0 })).toBe('');
});

test('rows that were taken up again are said, and what of them is stuck', () => {
  expect(reconciledWords({ rows: 1, stuck: 0 })).toBe(
    '1 row had no result after the deadline and was taken up again.',
  );
  expect(reconciledWords({ rows: 1_200, stuck: 2 })).toBe(
    '1,200 rows had no result after the deadline and were taken up again; 2 of them are stuck, and the list stays ' +
      'open until they are mended.',
  );
});
