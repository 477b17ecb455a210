import { withoutSecrets } from './without-secrets.js';

test.each([
  ['key plain', 'k3y/with+signs'],
  ['in a URL', encodeURIComponent('k3y/with+signs')],
  ['in Base64', Buffer.from('k3y/with+signs').toString('base64')],
])('the key %s is gone', (_name, form) => {
  expect(withoutSecrets(`{"echo":"${form}"}`, 'k3y/with+signs')).toBe('{"echo":"REDACTED"}');
});

test('both halves of a pair, and the pair as HTTP Basic sends it', () => {
  const pair = 'login:password';
  const text = `login password ${Buffer.from(pair).toString('base64')}`;
  expect(withoutSecrets(text, pair)).toBe('REDACTED REDACTED REDACTED');
});

test('tokens that the provider hands out', () => {
  expect(withoutSecrets('{"access_token": "eyJ","token_type":"bearer"}', '')).toBe(
    '{"access_token": "REDACTED","token_type":"bearer"}',
  );
});

test('without a key nothing else changes', () => expect(withoutSecrets('{"a":1}', '')).toBe('{"a":1}'));
