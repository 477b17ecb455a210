import fc from 'fast-check';
import { partitionOf } from './partition.js';
import { unitKey } from './unit-key.js';

test('a partition is a whole number below the count, the same each time', () => {
  fc.assert(
    fc.property(fc.domain(), fc.nat(50), fc.integer({ min: 1, max: 64 }), (domain, bucket, partitions) => {
      const partition = partitionOf(domain, bucket, partitions);
      expect(partition).toBe(partitionOf(domain, bucket, partitions));
      expect(Number.isInteger(partition) && partition >= 0 && partition < partitions).toBe(true);
    }),
  );
});

test('similar names spread: no partition of twelve takes more than twice its share of 12,000', () => {
  const counts = new Array<number>(12).fill(0);
  for (let i = 0; i < 12_000; i++) counts[partitionOf(`site-${i}.com`, 0, 12)]! += 1;
  expect(Math.max(...counts)).toBeLessThan(2_000);
});

test('buckets of one domain lie on several partitions', () => {
  const partitions = new Set(
    Array.from({ length: 20 }, (_, bucket) => partitionOf('github.com', bucket, 12)),
  );
  expect(partitions.size).toBeGreaterThan(5);
});

test('a unit key is the value up to 200 characters and a digest of it beyond', () => {
  expect(unitKey('example.com')).toBe('example.com');
  const long = `https://example.com/${'a'.repeat(8_000)}`;
  expect(unitKey(long)).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(unitKey(long)).not.toBe(unitKey(`${long}b`));
});
