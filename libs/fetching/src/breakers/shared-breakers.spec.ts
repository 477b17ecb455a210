import type { BreakerTable } from './breaker-table.js';
import { SharedBreakers } from './shared-breakers.js';

/** A table that is away at first, and what it was told. */
function fixture() {
  const told: string[] = [];
  const rows = [{ provider: 'moz', limitKey: 'moz', openForMs: 0, unproven: false }];
  let away = true;
  const say = (what: string) => {
    told.push(what);
    return away ? Promise.reject(new Error('away')) : Promise.resolve();
  };
  const table: BreakerTable = {
    open: (_, limitKey, forMs) => say(`open ${limitKey}${forMs > 0 ? '' : ', over'}`),
    close: (_, limitKey) => say(`close ${limitKey}`),
    tryProbe: (_, limitKey) => say(`try ${limitKey}`).then(() => ({ kind: 'granted' as const })),
    changed: () => Promise.resolve(rows),
  };
  const breakers = new SharedBreakers(table, { warn: () => undefined, error: () => undefined });
  const heard: string[] = [];
  breakers.listen('moz', { opened: () => heard.push('opened'), closed: () => heard.push('closed') });
  return { breakers, told, heard, back: () => (away = false) };
}

test('an opening is written at the next look, once', async () => {
  const { breakers, told, heard, back } = fixture();
  breakers.opened('moz', 'moz', 60_000, 'spec');
  await breakers.look();
  await breakers.look();
  // The row is from before.
  expect(heard).toEqual([]);
  back();
  await breakers.look();
  await breakers.look();
  expect(told.slice(-2)).toEqual(['open moz', 'open moz']);
  expect(heard).toContain('closed');
  breakers.leave('moz');
});

test('nobody tries before the opening is written, be its time over', async () => {
  const { breakers, told, back } = fixture();
  breakers.opened('moz', 'moz', 0, 'spec');
  expect(await breakers.tryProbe('moz', 'moz', 100)).toMatchObject({ kind: 'wait' });
  expect(told).not.toContain('try moz');
  back();
  expect(await breakers.tryProbe('moz', 'moz', 100)).toEqual({ kind: 'granted' });
  expect(told.slice(-2)).toEqual(['open moz, over', 'try moz']);
  breakers.leave('moz');
});

test('what was found well meanwhile is not opened any more', async () => {
  const { breakers, told, back } = fixture();
  breakers.opened('moz', 'moz', 60_000, 'spec');
  await breakers.look();
  breakers.closed('moz', 'moz');
  back();
  await breakers.look();
  expect(told.at(-1)).toBe('close moz');
  breakers.leave('moz');
});
