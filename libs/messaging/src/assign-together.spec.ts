import * as fc from 'fast-check';
import { assignTogether, type Member } from './assign-together.js';

const partitionCounts = fc.integer({ min: 1, max: 48 });
const memberIds = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 9 });
const owned = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 60 });
const membersOf = (ids: string[], claims: number[][]): Member[] =>
  ids.map((id, i) => ({ id, owned: claims[i] ?? [] }));

test('every partition has one owner, and shares differ by one at most, whatever members claim', () => {
  fc.assert(
    fc.property(memberIds, fc.array(owned), partitionCounts, (ids, claims, partitions) => {
      const shares = assignTogether(membersOf(ids, claims), partitions);
      const all = [...shares.values()].flat().sort((a, b) => a - b);
      expect(all).toEqual(Array.from({ length: partitions }, (_, partition) => partition));
      const sizes = ids.map((id) => shares.get(id)!.length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }),
  );
});

test('members in another order give the same assignment', () => {
  fc.assert(
    fc.property(memberIds, fc.array(owned), partitionCounts, (ids, claims, partitions) => {
      const members = membersOf(ids, claims);
      expect(assignTogether([...members].reverse(), partitions)).toEqual(assignTogether(members, partitions));
    }),
  );
});

test('nothing moves without need: same members keep all, and a leaver moves only its own', () => {
  fc.assert(
    fc.property(memberIds, partitionCounts, (ids, partitions) => {
      const before = assignTogether(membersOf(ids, []), partitions);
      const members = ids.map((id) => ({ id, owned: before.get(id)! }));
      expect(assignTogether(members, partitions)).toEqual(before);
      const stayers = members.slice(1);
      if (stayers.length === 0) return;
      const after = assignTogether(stayers, partitions);
      for (const { id, owned: had } of stayers)
        expect(after.get(id)).toEqual(expect.arrayContaining([...had]));
    }),
  );
});
