import type { Database } from '@assay/database';
import { flushRows } from './flush-rows.js';
import { catalogue, cell, DEADLINE_AT, DUE, ROUND1_AT, submitted } from './join-row.fixture.js';
import { joinRow } from './join-row.js';
import { RowCache } from './row-cache.js';
import type { RowEvent } from './row-event.js';
import type { RowState } from './row-state.js';

const ID = { submission: '01890000-0000-7000-8000-000000000001', seq: 1 };
const settings = { catalogue, lane: 'bulk', now: DEADLINE_AT } as const;

/** Flushes onto a row as it lies in the table, killed before anything is produced; returns what was written. */
async function flushKilled(
  before: { state: RowState; sweep_ms: number | null },
  events: readonly RowEvent[],
) {
  const written: { done: number | null; sweep: number | null }[] = [];
  const query = ({ name, values }: { name: string; values: [string] }) => {
    if (name === 'read-pending-rows') return { rows: [{ ...ID, revision: 3, ...before }] };
    written.push(...(JSON.parse(values[0]) as typeof written));
    return { rows: [ID] };
  };
  const flushed = flushRows(
    events.map((event) => ({ ...ID, partition: 0, event })),
    {
      database: { query: (text: never) => Promise.resolve(query(text)) } as unknown as Database,
      publisher: { publish: () => Promise.reject(new RangeError('killed')) },
      cache: new RowCache({ rows: 10, bytes: 1_000_000 }),
      clock: () => DEADLINE_AT,
      ...settings,
    },
  );
  await expect(flushed).rejects.toThrow('killed');
  return written;
}

const begun = joinRow(undefined, [submitted()], { ...settings, now: 0 })!.state;
const due = { ...DUE, at: DEADLINE_AT } as RowEvent;
const late = cell('dns', { at: DEADLINE_AT });

test('a swept row stays due, and is not done, until what follows is out', async () => {
  expect(await flushKilled({ state: begun, sweep_ms: ROUND1_AT }, [due])).toMatchObject([
    { sweep: ROUND1_AT, done: null },
  ]);
});

test('a row that a message ended between the look of the sweep and its flush is done, though nothing sweeps it any more', async () => {
  const { state } = joinRow(begun, [due], settings)!;
  expect(state.final).toBe(true);
  expect(await flushKilled({ state, sweep_ms: null }, [due, late])).toMatchObject([
    { sweep: null, done: DEADLINE_AT },
  ]);
});
