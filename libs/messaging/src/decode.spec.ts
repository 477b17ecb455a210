import { ASKS_HEADER } from '@assay/contracts';
import { asksIn, decode } from './decode.js';

const plan = {
  submission: '01900000-0000-7000-8000-000000000000',
  asks: {},
  dispatchedAt: 1,
  round1At: 1,
  deadlineAt: 1,
  graceMs: 1,
  patienceMs: 1,
};
const submitted = (url: string) =>
  Buffer.from(JSON.stringify({ v: 1, plan, seq: 1, url, host: 'a.test', domain: 'a.test' }));

test('a message that matches its contract is its value', () => {
  const row = { v: 1, url: 'http://a.test/😀', host: 'a.test', domain: 'a.test', seq: 1 };
  const decoded = decode('url.submitted', Buffer.from(JSON.stringify({ ...row, plan })));
  expect(decoded).toEqual({ value: { ...row, plan } });
});

test.each([
  ['cut JSON', Buffer.from('{"v":1,'), 'not_json'],
  ['no bytes', Buffer.alloc(0), 'not_json'],
  ['no value', null, 'not_json'],
  ['bytes that are no text', Buffer.from([0, 255, 254]), 'not_json'],
  ['a number', Buffer.from('7'), 'contract'],
  ['more than any message has', Buffer.alloc(256 * 1024 + 1, 32), 'too_large'],
  ['a URL that no table takes', submitted('http://a.test/\u0000'), 'contract'],
  ['half of a character', submitted('http://a.test/\ud83d'), 'contract'],
  ['another version', Buffer.from('{"v":2}'), 'contract'],
])('%s is refused with a reason', (_, bytes, code) => {
  const decoded = decode('url.submitted', bytes);
  expect(decoded).toMatchObject({ code });
  expect((decoded as { reason: string }).reason).not.toBe('');
});

test('asks are read from the header without parsing the value', () => {
  expect(asksIn({ [ASKS_HEADER]: Buffer.from('dns,moz.url') })).toEqual(['dns', 'moz.url']);
  expect(asksIn({ [ASKS_HEADER]: Buffer.from('') })).toEqual([]);
  expect(asksIn({})).toBeUndefined();
  expect(asksIn(undefined)).toBeUndefined();
});
