import { bulkDelay } from './bulk-delay.js';

test('bulk goes at full speed while all is calm, and slows with lag or slow express sends', () => {
  expect(bulkDelay({ loopLagMs: 20, expressSendMs: 30 })).toBe(0);
  expect(bulkDelay({ loopLagMs: 150, expressSendMs: 0 })).toBe(200);
  expect(bulkDelay({ loopLagMs: 0, expressSendMs: 200 })).toBe(200);
  expect(bulkDelay({ loopLagMs: 9_000, expressSendMs: 0 })).toBe(1_000);
});
