import { Refusal } from '../problem.js';
import { BinaryGuard, contentKind } from './content-kind.js';

function refusalOf(run: () => unknown): Refusal {
  try {
    run();
  } catch (error) {
    if (error instanceof Refusal) return error;
  }
  throw new Error('not refused');
}

test('three content types are taken', () => {
  const kinds = ['application/json', 'text/plain; charset=UTF-8', 'Text/CSV;header=present'];
  expect(kinds.map((type) => contentKind({ 'content-type': type }))).toEqual(['json', 'text', 'csv']);
});

test.each([
  [{}, /header is missing/],
  [{ 'content-type': 'application/x-www-form-urlencoded' }, /--data-binary/],
  [{ 'content-type': 'multipart/form-data; boundary=x' }, /file itself/],
  [{ 'content-type': 'image/png' }, /image\/png is not taken/],
  [{ 'content-type': 'text/plain; charset=utf-16' }, /UTF-8/],
  [{ 'content-type': 'text/plain', 'content-encoding': 'gzip' }, /Compressed/],
])('%j is refused with what to send instead', (headers, detail) => {
  const refusal = refusalOf(() => contentKind(headers));
  expect(refusal.status).toBe(415);
  expect(refusal.detail).toMatch(detail);
});

test('a NUL in the first KB means binary; later it is a matter of its line', () => {
  const guard = new BinaryGuard();
  guard.check(Buffer.alloc(1_000, 'a'));
  expect(refusalOf(() => guard.check(Buffer.alloc(10))).status).toBe(415);
  const later = new BinaryGuard();
  later.check(Buffer.alloc(1_024, 'a'));
  later.check(Buffer.alloc(10));
});
