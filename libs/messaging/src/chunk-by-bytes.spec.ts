import { MAX_MESSAGE_BYTES } from '@assay/contracts';
import * as fc from 'fast-check';
import { chunkByBytes } from './chunk-by-bytes.js';

test('keeps all items in order, within both bounds unless one item alone is larger', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 50 })),
      fc.integer({ min: 1, max: 9 }),
      (sizes, maxItems) => {
        const chunks = chunkByBytes(sizes, maxItems, 40, (size) => size);
        expect(chunks.flat()).toEqual(sizes);
        for (const chunk of chunks) {
          expect(chunk.length).toBeGreaterThan(0);
          expect(chunk.length).toBeLessThanOrEqual(maxItems);
          if (chunk.length > 1) expect(chunk.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(40);
        }
      },
    ),
  );
});

test('100 rows with 8 KB URLs are cut so that each message may pass', () => {
  const rows = Array.from({ length: 100 }, (_, seq) => ({ seq, url: `http://ä.test/${'ä'.repeat(4_090)}` }));
  const chunks = chunkByBytes(rows, 100);
  expect(chunks.length).toBeGreaterThan(3);
  for (const chunk of chunks)
    expect(Buffer.byteLength(JSON.stringify({ rows: chunk }))).toBeLessThan(MAX_MESSAGE_BYTES);
});
