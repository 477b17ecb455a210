import type { FreshAnswer } from '../answers/answer-store.js';
import type { CellResult } from './ask.js';
import { withOlder } from './older-answer.js';

const NOW = 1_000_000;
const stored: FreshAnswer = {
  key: 'k',
  id: 'a',
  outcome: 'ok',
  fetchedAt: NOW - 5_000,
  expiresAt: NOW - 1_000,
};
const failed: CellResult = { outcome: 'failed', detail: 'timeout', at: NOW };
const older = { outcome: 'ok', answer: 'a', at: NOW - 5_000 };

test('a failure or a skip for want of a provider brings the old answer along', () => {
  expect(withOlder(failed, stored, {}, NOW)).toEqual({ ...failed, older });
  const down: CellResult = { outcome: 'skipped', detail: 'provider_down', at: NOW };
  expect(withOlder(down, stored, { maxAgeMs: 5_000 }, NOW)).toEqual({ ...down, older });
});

test('not where the row wants it younger, where there is none, or where nobody asked', () => {
  expect(withOlder(failed, stored, { maxAgeMs: 4_999 }, NOW)).toBe(failed);
  expect(withOlder(failed, stored, { maxAgeMs: 0 }, NOW)).toBe(failed);
  expect(withOlder(failed, undefined, {}, NOW)).toBe(failed);
  const cancelled: CellResult = { outcome: 'skipped', detail: 'cancelled', at: NOW };
  expect(withOlder(cancelled, stored, {}, NOW)).toBe(cancelled);
  const ok: CellResult = { outcome: 'ok', answer: 'b', at: NOW };
  expect(withOlder(ok, stored, {}, NOW)).toBe(ok);
});
