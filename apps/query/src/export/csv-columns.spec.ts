import type { CellView } from '@assay/contracts';
import { outcomeText } from './csv-columns.js';

test('an outcome as a word; what is older than was asked for is marked', () => {
  const ok: CellView = { gen: 0, outcome: 'ok', at: 1 };
  const last = { gen: 0, outcome: 'failed', detail: 'timeout', at: 2 } as const;
  expect(outcomeText(undefined)).toBe('pending');
  expect(outcomeText(ok)).toBe('ok');
  expect(outcomeText({ ...ok, last })).toBe('ok');
  expect(outcomeText(last)).toBe('failed(timeout)');
  expect(outcomeText({ ...ok, stale: true, last })).toBe('ok(stale)');
  expect(outcomeText({ ...ok, outcome: 'absent', stale: true, last })).toBe('absent(stale)');
});
