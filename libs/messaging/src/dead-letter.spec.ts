import { DEAD_HEADERS, deadLetter } from './dead-letter.js';

const raw = {
  topic: 'url.submitted.bulk',
  partition: 3,
  offset: '42',
  timestamp: '1790000000000',
  value: Buffer.from([0, 1, 255]),
  headers: { v: Buffer.from('1'), many: [Buffer.from('a'), Buffer.from('b')], none: null },
};
const cause = { code: 'not_json', reason: 'x'.repeat(5_000), group: 'joiner', attempts: 1 };

test('keeps value and headers byte for byte and says where it comes from and why', () => {
  const letter = deadLetter('url.submitted', raw, cause);
  expect(letter).toMatchObject({ topic: 'url.submitted.dead', partition: 3, value: raw.value });
  expect(letter.headers).toMatchObject({
    v: raw.headers.v,
    many: raw.headers.many,
    none: Buffer.alloc(0),
    [DEAD_HEADERS.code]: 'not_json',
    [DEAD_HEADERS.group]: 'joiner',
    [DEAD_HEADERS.topic]: 'url.submitted.bulk',
    [DEAD_HEADERS.partition]: '3',
    [DEAD_HEADERS.offset]: '42',
    [DEAD_HEADERS.attempts]: '1',
    [DEAD_HEADERS.timestamp]: '1790000000000',
  });
  expect(letter.headers[DEAD_HEADERS.reason]).toHaveLength(1_000);
});
