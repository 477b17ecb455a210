import { bulkDelay, type Pressure } from './bulk-delay.js';

const calm: Pressure = { loopLagMs: 20, expressSendMs: 30, others: [] };
const delay = (pressure: Partial<Pressure>) => bulkDelay({ ...calm, ...pressure }, 150);

test('bulk goes at full speed while all is calm, and slows with lag or slow express sends', () => {
  expect(delay({})).toBe(0);
  expect(delay({ loopLagMs: 150 })).toBe(200);
  expect(delay({ expressSendMs: 200 })).toBe(200);
  expect(delay({ loopLagMs: 9_000 })).toBe(1_000);
});

test('the slowest flush of express rows in joiner and store counts; where none came nobody waits for one', () => {
  const others = [
    { loopLagMs: 80, expressFlushMs: null },
    { loopLagMs: 80, expressFlushMs: 120 },
  ];
  expect(delay({ others })).toBe(0);
  expect(delay({ others: [...others, { loopLagMs: 80, expressFlushMs: 400 }] })).toBe(500);
  expect(delay({ others: [...others, { loopLagMs: 80, expressFlushMs: 30_000 }] })).toBe(1_000);
});

test('a process whose event loop lags makes bulk wait, whoever waits for it', () => {
  expect(delay({ others: [{ loopLagMs: 300, expressFlushMs: null }] })).toBe(100);
});
