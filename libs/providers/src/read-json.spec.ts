import fc from 'fast-check';
import type { Reply } from './classify-reply.js';
import { readJson } from './read-json.js';
import { reply } from './spec-support/replies.js';

const read = (body: string, truncated = false) => readJson(reply(body, { truncated }) as Reply);

test.each([
  ['', 'malformed'],
  ['{"a":1', 'malformed'],
  ['[]', 'malformed'],
  ['null', 'malformed'],
  ['"{}"', 'malformed'],
  ['<html>no</html>', 'server'],
  ['{"a":'.repeat(40) + '1' + '}'.repeat(40), 'malformed'],
  ['['.repeat(500_000), 'malformed'],
])('%.40s is failed(%s)', (body, cls) => {
  expect(read(body)).toMatchObject({ failure: { class: cls } });
});

test('a byte order mark does no harm; a cut body does', () => {
  expect(read('\ufeff{"a":1}')).toEqual({ value: { a: 1 } });
  expect(read('{"a":1}', true)).toMatchObject({ failure: { class: 'malformed' } });
});

test('brackets within strings do not count as depth', () => {
  const value = { a: '[{'.repeat(100), b: '\\"['.repeat(50), c: 'x\\' };
  expect(read(JSON.stringify(value))).toEqual({ value });
});

test('every flat object comes back as it was', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean())), (value) => {
      expect(read(JSON.stringify(value))).toEqual({ value: JSON.parse(JSON.stringify(value)) });
    }),
  );
});
