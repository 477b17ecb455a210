import type { Statements } from '../database.js';
import { stateOf, type PendingRow, type Tables } from '../tables.js';

interface Written {
  readonly submission: string;
  readonly seq: number;
  readonly partition: number;
  readonly revision: number;
  readonly state: object;
  readonly sweep: number | null;
  readonly done: number | null;
}

const key = ({ submission, seq }: { submission: string; seq: number }) => `${submission}/${seq}`;

/** The statements of apps/joiner, by their names. */
export const joinerSql: Statements = {
  'read-pending-rows': {
    reads: true,
    run: ({ tables }, [submissions, seqs]: [string[], number[]]) =>
      submissions.flatMap((submission, i) => {
        const row = tables.pendingRow.get(key({ submission, seq: seqs[i]! }));
        if (!row) return [];
        const { seq, revision, sweepAt } = row;
        return [{ submission, seq, revision, state: stateOf(row), sweep_ms: sweepAt }];
      }),
  },
  'write-pending-rows': {
    run: ({ tables, lax }, [records]: [string]) =>
      (JSON.parse(records) as Written[]).filter((written) => write(tables, written, lax)),
  },
  'due-partitions': {
    reads: true,
    run: ({ tables, now }, [, partitions]: [string, number[]]) =>
      partitions
        .filter((partition) => dueOf(tables, partition, now).length > 0)
        .map((partition) => ({ partition, now })),
  },
  'due-rows': {
    reads: true,
    run: ({ tables }, [, partitions, ats, limit]: [string, number[], number[], number]) =>
      partitions
        .flatMap((partition, i) => dueOf(tables, partition, ats[i]!))
        .slice(0, limit)
        .map(({ submission, seq, partition }) => ({ submission, seq, partition })),
  },
  'read-troubles': { reads: true, run: () => [] },
};

/** Compare and set: false where somebody else has changed the row since it was read. */
function write({ pendingRow }: Tables, written: Written, lax: boolean): boolean {
  const known = pendingRow.get(key(written));
  if (known && known.revision !== written.revision - 1 && !lax) return false;
  const { submission, seq, partition, revision, state, sweep: sweepAt, done: doneAt } = written;
  const row: PendingRow = {
    ...{ submission, seq, revision, sweepAt, doneAt, state: JSON.stringify(state) },
    partition: known?.partition ?? partition,
  };
  pendingRow.set(key(written), row);
  return true;
}

function dueOf({ pendingRow }: Tables, partition: number, at: number): PendingRow[] {
  return [...pendingRow.values()]
    .filter((row) => row.partition === partition && row.sweepAt !== null && row.sweepAt <= at)
    .sort((a, b) => a.sweepAt! - b.sweepAt!);
}
