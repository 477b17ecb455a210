import { LANES, type Lane } from '@assay/contracts';
import type { Database, OpenDatabase } from '@assay/database';
import type { Timings } from './timings.js';

/** What the joiner sweeps by, and ingest reconciles by: the very statements, from what is built. */
interface DueRows {
  duePartitions(
    database: Database,
    lane: Lane,
    partitions: readonly number[],
  ): Promise<{ partitions: number[]; now: number }>;
  dueRows(
    database: Database,
    lane: Lane,
    passed: readonly { partition: number; at: number }[],
    limit: number,
  ): Promise<{ submission: string; seq: number; partition: number }[]>;
}

interface DueDispatches {
  dueLanes(database: Database): Promise<{ at: number; lanes: Lane[] }>;
  lockDue(client: Pick<Database, 'query'>, lane: Lane, passedAt: number): Promise<object | undefined>;
  missingRows(client: Pick<Database, 'query'>, due: object): Promise<number[]>;
}

const ROWS_PER_SWEEP = 500;
const LOOKS = 200;

export async function sweepStatements(database: OpenDatabase, partitionCount: number, timings: Timings) {
  const { duePartitions, dueRows } = (await import(
    '../../../apps/joiner/dist/due-rows.js' as string
  )) as DueRows;
  const owned = Array.from({ length: partitionCount }, (_, partition) => partition);

  const look = (name: string, lane: Lane) =>
    timings.time(`${name}: which partitions`, () => duePartitions(database, lane, owned));

  /** Batch by batch, each moved on as the joiner moves it, until nothing is due. */
  const sweepAll = async (name: string, lane: Lane): Promise<number> => {
    const due = await look(name, lane);
    const passed = due.partitions.map((partition) => ({ partition, at: due.now }));
    for (let swept = 0; ;) {
      const rows = await timings.time(`${name}: which rows`, () =>
        dueRows(database, lane, passed, ROWS_PER_SWEEP),
      );
      await moveOn(database, rows);
      swept += rows.length;
      if (rows.length < ROWS_PER_SWEEP) return swept;
    }
  };

  const due = (name: string, count: number) => async () => {
    await makeDue(database, count);
    const swept = await sweepAll(name, 'bulk');
    if (swept < count) throw new Error(`${swept} of ${count} rows were found due`);
    for (let i = 0; i < LOOKS / 10; i++) await look(`after ${name}`, 'bulk');
  };

  return {
    nothingDue: async () => {
      for (let i = 0; i < LOOKS; i++) await look('nothing due', LANES[i % 2]!);
    },
    someDue: async (count: number) => {
      for (let i = 0; i < 10; i++) await due(`${count} due`, count)();
    },
    manyDue: (count: number) => due(`${count} due`, count)(),
  };
}

export async function reconcileStatements(database: OpenDatabase, timings: Timings) {
  const { dueLanes, lockDue, missingRows } = (await import(
    '../../../apps/ingest/dist/reconcile/due-dispatches.js' as string
  )) as DueDispatches;
  const look = (name: string) => timings.time(`${name}: which dispatches`, () => dueLanes(database));
  return {
    nothingDue: async () => {
      for (let i = 0; i < LOOKS; i++) await look('reconcile, nothing due');
    },
    /** One dispatch whose 500 rows are all missing; it is left as it was. */
    oneDue: async () => {
      await database.query({ text: ONE_DISPATCH_DUE });
      for (let i = 0; i < LOOKS / 10; i++) {
        const { at } = await look('reconcile, one due');
        await database.transaction(async (client) => {
          const due = await timings.time('reconcile, one due: take it', () => lockDue(client, 'bulk', at));
          const missing = await timings.time('reconcile, one due: its 500 rows', () =>
            missingRows(client, due!),
          );
          if (missing.length !== ROWS_PER_SWEEP) throw new Error(`${missing.length} rows were found missing`);
        });
      }
    },
  };
}

/** Rows of some bulk list, over all partitions. */
async function makeDue(database: Database, count: number): Promise<void> {
  await database.query({
    text: `UPDATE pending_row p SET sweep_at = now() - interval '1 second'
      FROM (SELECT submission, seq FROM pending_row WHERE lane = 'bulk' AND sweep_at > now() + interval '30 minutes' LIMIT $1) AS picked
      WHERE p.submission = picked.submission AND p.seq = picked.seq`,
    values: [count],
  });
}

/** As the joiner does after a sweep: a new revision, due at the row's deadline. */
async function moveOn(
  database: Database,
  rows: readonly { submission: string; seq: number }[],
): Promise<void> {
  await database.query({
    name: 'bench-move-on',
    text: `UPDATE pending_row p SET revision = p.revision + 2, sweep_at = now() + interval '18 hours'
      FROM unnest($1::uuid[], $2::bigint[]) AS i(submission, seq)
      WHERE p.submission = i.submission AND p.seq = i.seq`,
    values: [rows.map(({ submission }) => submission), rows.map(({ seq }) => seq)],
  });
}

const ONE_DISPATCH_DUE = `
UPDATE dispatch SET deadline_at = now() - interval '1 day', settled_at = NULL
WHERE (submission, chunk) = (SELECT id, 7 FROM submission WHERE state = 'running' AND lane = 'bulk' LIMIT 1)`;
