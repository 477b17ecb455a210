import type { Finding } from '@assay/providers';
import { chargedCall, chargedUnit, type Charged } from './charged.js';

const failed = (failure: Extract<Finding, { outcome: 'failed' }>['class']): Finding => ({
  outcome: 'failed',
  class: failure,
  message: '',
});
const unsent = { sent: 0, accepted: false };
const refused = { sent: 1, accepted: false };
const accepted = { sent: 1, accepted: true };

test.each([
  ['an answer', { outcome: 'absent' }, accepted, 'yes'],
  ['never sent', failed('network'), unsent, 'no'],
  ['lost on the way', failed('network'), refused, 'unknown'],
  ['no reply in time', failed('timeout'), refused, 'unknown'],
  ['status 5xx', failed('server'), refused, 'unknown'],
  ['unreadable', failed('malformed'), accepted, 'unknown'],
  ['our key refused', failed('auth'), refused, 'no'],
  ['quota spent, said in a 200', failed('quota'), accepted, 'no'],
  ['429 after another request was accepted', failed('rate_limited'), { sent: 2, accepted: true }, 'unknown'],
  ['status 400', failed('bad_request'), refused, 'no'],
  ['a unit refused inside a 200', failed('bad_request'), accepted, 'yes'],
  ['skipped by the adapter before a request', { outcome: 'skipped', reason: 'unsupported' }, unsent, 'no'],
] as [string, Finding, typeof unsent, Charged][])('%s', (_, finding, traffic, charged) => {
  expect(chargedUnit(finding, traffic)).toBe(charged);
});

test('a call was billed where one of its questions was, and surely not only where none was', () => {
  expect(chargedCall(['no', 'unknown', 'yes'])).toBe('yes');
  expect(chargedCall(['no', 'unknown'])).toBe('unknown');
  expect(chargedCall(['no', 'no'])).toBe('no');
});
