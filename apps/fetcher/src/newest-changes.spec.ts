import type { StateChange } from '@assay/fetching';
import { NewestChanges } from './newest-changes.js';

const change = (limitKey: string, at: number): StateChange => ({
  provider: 'page',
  limitKey,
  state: 'open',
  at,
});

test('of one limit key the newest change waits, and no more keys than there may be', () => {
  const changes = new NewestChanges(3);
  for (const [at, name] of ['a', 'b', 'a', 'c', 'd', 'a'].entries()) changes.note(change(name, at));
  expect(changes.size).toBe(3);
  expect(changes.take(2)).toEqual([change('c', 3), change('d', 4)]);
  expect(changes.take(9)).toEqual([change('a', 5)]);
  expect([changes.size, changes.take(9)]).toEqual([0, []]);
});
