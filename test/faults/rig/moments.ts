import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@assay/testing';
import pg from 'pg';
import { progressOf } from '../row-watch.js';
import type { Blow, Cell } from './cells.js';
import type { RigSystem } from './rig-system.js';

/** By then as many rows are final as the moment asks for, or the cell cannot be run. */
const REACHED_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 50;
const DISPATCH_WITHIN_MS = 3_000;

/**
 * Shares of final rows at which the blows fall, all between 20 and 80 %: the first of several early, so that there is
 * work left for the last.
 */
export function sharesOf({ blows, together }: Cell, random: () => number): number[] {
  if (together || blows.length === 1) return blows.map(() => 0.2 + 0.35 * random()).toSorted();
  const step = 0.6 / blows.length;
  return blows.map((_, index) => 0.2 + step * (index + 0.7 * random()));
}

/** Resolves in that moment, with the share that is final then. For ingest, in the instant a dispatch is committed. */
export async function momentOf(
  rig: RigSystem,
  submission: string,
  rows: number,
  share: number,
  { victim }: Blow,
): Promise<number> {
  const dispatched = victim === 'ingest' ? await nextDispatch(rig.test.databaseUrl) : undefined;
  const reached = await eventually(
    () => progressOf(rig.test.database, submission),
    ({ final }) => final >= (victim === 'ingest' ? 0.2 : share) * rows,
    REACHED_WITHIN_MS,
    LOOK_EVERY_MS,
  );
  if (!dispatched) return reached.final / rows;
  await dispatched();
  return (await progressOf(rig.test.database, submission)).final / rows;
}

/** Listens from now on; resolves with a wait for the next dispatch, which gives up where none comes any more. */
async function nextDispatch(databaseUrl: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('LISTEN dispatched');
  return async () => {
    const told = new Promise<void>((resolve) => client.once('notification', () => resolve()));
    await Promise.race([told, pause(DISPATCH_WITHIN_MS)]);
    await client.end();
  };
}
