import type { JoinedCell } from '@assay/contracts';
import type { Session, Statements } from '../database.js';
import type { SubmissionRow } from '../tables.js';
import { rowOf } from './ingest-sql.js';

type Raise = [id: string, gen: number, kinds: string[], asks: string[], raises: string[]];

/** Which final rows have a cell whose last attempt matches, and what each of them raises. */
function raise({ tables }: Session, [id, gen, kinds, asks, raises]: Raise): object[] {
  let cells = 0;
  let rows = 0;
  for (const row of tables.urlRow.values()) {
    if (row.submission !== id || row.state !== 'final') continue;
    const matching = asks.flatMap((ask, i) => (matches(row.cells[ask], kinds) ? [raises[i]!] : []));
    if (matching.length === 0) continue;
    const raised = [...new Set(matching)].sort();
    const matched = [...new Set(asks.filter((ask) => matches(row.cells[ask], kinds)))];
    tables.retryRow.set(`${id} ${gen} ${row.seq}`, { asks: raised, matched });
    cells += raised.length;
    rows++;
  }
  return [{ rows: String(rows), cells: String(cells) }];
}

function matches(cell: JoinedCell | undefined, kinds: readonly string[]): boolean {
  if (!cell) return false;
  const { outcome, detail = '' } = cell.last ?? cell;
  return kinds.includes(`${outcome}/${detail}`);
}

/** Rows of a retry that did not go out are final as they are: they are dropped from it. */
function cancel({ tables, now }: Session, [id, from]: [string, string]): object[] {
  const known = tables.submission.get(id)!;
  if (known.state !== from) return [];
  const { gen, retrySeq, retryDispatched: retryRows } = known;
  const gone: SubmissionRow = {
    ...known,
    state: 'cancelled',
    cancelledAt: now,
    completedAt: undefined,
    retryRows,
  };
  tables.submission.set(id, gone);
  for (const { seq } of known.lines)
    if (Number(seq) > Number(retrySeq)) tables.retryRow.delete(`${id} ${gen} ${seq}`);
  return [{ id }];
}

/** The statements of apps/ingest that carry out what people decide, by their names. */
export const personSql: Statements = {
  'retry-lock': {
    run: (session, [id]: [string]) => [rowOf(session, session.tables.submission.get(id)!)],
  },
  'retry-rows': { run: (session, values) => raise(session, values as unknown as Raise) },
  'retry-begin': {
    run: ({ tables }, [id, gen, rows]: [string, number, number]) => {
      const known = tables.submission.get(id)!;
      const retry = { gen, retryRows: rows, retryDispatched: 0, retrySeq: '-1', completedAt: undefined };
      const state = known.state === 'paused' ? 'paused' : 'running';
      tables.submission.set(id, { ...known, ...retry, state });
      return [];
    },
  },
  'cancel-submission': { run: (session, values) => cancel(session, values as unknown as [string, string]) },
  'move-submission': {
    run: ({ tables }, [id, from, to]: [string, string, 'running' | 'paused']) => {
      const known = tables.submission.get(id)!;
      if (known.state !== from) return [];
      tables.submission.set(id, { ...known, state: to });
      return [{ id }];
    },
  },
};
