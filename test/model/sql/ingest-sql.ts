import type { Statements, Session } from '../database.js';
import type { DispatchRecord, Line, RetryRow, SubmissionRow, Tables } from '../tables.js';

/** Of each submission of the model. Milliseconds. */
export const SPAN = { round1Ms: 20_000, deadlineMs: 60_000, graceMs: 60_000, patienceMs: 5_000 };

/** What a submission with its progress looks like to a reader. */
function progressOf({ count }: Tables, row: SubmissionRow) {
  let final = 0;
  let arrived = 0;
  for (const { submission, ask, outcome, detail, n } of count.values()) {
    if (submission !== row.id || ask !== '') continue;
    if (outcome === 'final') final += n;
    if (detail === String(row.gen)) arrived += n;
  }
  const { retryRows: retry_rows, retryDispatched: retry_dispatched, dispatched } = row;
  return { accepted: row.lines.length, dispatched, retry_rows, retry_dispatched, final, arrived };
}

const PLANNED = {
  ...{ grace_ms: SPAN.graceMs, patience_ms: SPAN.patienceMs },
  ...{ max_age_ms: null, capped: false },
};

export function rowOf({ tables }: Session, row: SubmissionRow) {
  const { id, state, gen, asks, cursorSeq: cursor_seq, retrySeq: retry_seq } = row;
  return {
    ...{ id, lane: tables.lane, weight: 1, state, gen, asks, cursor_turn: 0, cursor_seq, retry_seq },
    ...PLANNED,
    ...progressOf(tables, row),
  };
}

export function dispatchKey({ submission, chunk }: Pick<DispatchRecord, 'submission' | 'chunk'>): string {
  return `${submission} ${chunk}`;
}

function claimed(tables: Tables, record: DispatchRecord) {
  const { chunk, gen, cancelled, dispatchedAt, freshFrom, round1At, deadlineAt } = record;
  const first = tables.dispatch.get(dispatchKey({ ...record, chunk: 0 }))!;
  const times = { dispatched_ms: dispatchedAt, round1_ms: round1At, deadline_ms: deadlineAt };
  return { chunk, gen, cancelled, ...times, fresh_ms: freshFrom, list_fresh_ms: first.freshFrom };
}

/** Of a dispatch that was claimed before: cancelled, too, where people have decided that since. */
export function isCancelled({ submission }: Tables, dispatch: DispatchRecord): boolean {
  const { cancelledAt = -1 } = submission.get(dispatch.submission)!;
  return dispatch.cancelled || (dispatch.takes !== 1 && dispatch.dispatchedAt <= cancelledAt);
}

type Claim = [
  ...[id: string, turn: number, after: string, toTurn: number, to: string, count: number],
  ...[partitions: number, owner: string, leaseMs: number, gen: number, cancelled: boolean],
];

function claim(of: 'retry' | 'spool', { tables, now }: Session, values: Claim): object[] {
  const [id, , after, , to, count, , owner, leaseMs, gen, cancelled] = values;
  const known = tables.submission.get(id)!;
  const moved =
    of === 'spool'
      ? { cursorSeq: to, dispatched: known.dispatched + count }
      : { retrySeq: to, retryDispatched: known.retryDispatched + count };
  tables.submission.set(id, { ...known, ...moved });
  const own = [...tables.dispatch.values()].filter(({ submission }) => submission === id);
  const chunk = own.length;
  const freshFrom = Math.min(now, own.findLast((one) => one.gen === gen)?.freshFrom ?? now);
  const times = {
    dispatchedAt: now,
    freshFrom,
    round1At: now + SPAN.round1Ms,
    deadlineAt: now + SPAN.deadlineMs,
  };
  const record: DispatchRecord = {
    ...{ submission: id, chunk, gen, cancelled, after, count, owner, leaseUntil: now + leaseMs },
    ...times,
    ...{ sentAt: undefined, takes: 0, takeOwed: false, settled: false },
  };
  tables.dispatch.set(dispatchKey(record), record);
  return [claimed(tables, record)];
}

/** Rows of a range, in the order in which they go out; those of a retry with the asks they raise. */
export function rangeOf(
  tables: Tables,
  submission: string,
  gen: number,
  after: string,
  count: number,
): (Line & Partial<RetryRow>)[] {
  const lines = tables.submission.get(submission)!.lines.filter(({ seq }) => Number(seq) > Number(after));
  if (gen === 0) return lines.slice(0, count);
  return lines
    .flatMap((line) => {
      const raised = tables.retryRow.get(`${submission} ${gen} ${line.seq}`);
      return raised ? [{ ...line, ...raised }] : [];
    })
    .slice(0, count);
}

function takeOwed(session: Session, [owner, leaseMs, most]: [string, number, number]): object[] {
  const { tables, now } = session;
  const owed = [...tables.dispatch.values()]
    .filter((one) => one.sentAt === undefined && one.leaseUntil < now)
    .slice(0, most);
  return owed.map((one) => {
    const late = one.round1At < now;
    const times = late && { round1At: now + SPAN.round1Ms, deadlineAt: now + SPAN.deadlineMs };
    const taken: DispatchRecord = { ...one, owner, leaseUntil: now + leaseMs, ...times };
    tables.dispatch.set(dispatchKey(taken), taken);
    const { submission, after: after_seq, count: row_count } = taken;
    const row = rowOf(session, tables.submission.get(submission)!);
    const cancelled = isCancelled(tables, taken);
    return {
      ...row,
      ...claimed(tables, { ...taken, cancelled }),
      submission,
      partitions: 2,
      after_turn: 0,
      after_seq,
      row_count,
    };
  });
}

/** The statements of apps/ingest that dispatch, by their names. */
export const dispatchSql: Statements = {
  'open-submissions': {
    reads: true,
    run: (session) =>
      [...session.tables.submission.values()]
        .filter(
          ({ state, completedAt }) =>
            ['running', 'paused'].includes(state) || (state === 'cancelled' && completedAt === undefined),
        )
        .map((row) => rowOf(session, row)),
  },
  'complete-submissions': {
    run: ({ tables, now }, [ids, gens]: [string[], number[]]) => {
      ids.forEach((id, i) => {
        const row = tables.submission.get(id)!;
        const open = ['running', 'paused', 'cancelled'].includes(row.state) && row.completedAt === undefined;
        if (!open || row.gen !== gens[i] || row.dispatched !== row.lines.length) return;
        const state = row.state === 'cancelled' ? 'cancelled' : 'complete';
        tables.submission.set(id, { ...row, state, completedAt: now });
      });
      return [];
    },
  },
  'claim-lock': {
    run: (session, [id]: [string]) => {
      const row = session.tables.submission.get(id)!;
      const spool = ['running', 'cancelled'].includes(row.state) && row.dispatched < row.lines.length;
      const retry = row.state === 'running' && row.retryDispatched < row.retryRows;
      return spool || retry ? [rowOf(session, row)] : [];
    },
  },
  'claim-spool': { run: (session, values) => claim('spool', session, values as unknown as Claim) },
  'claim-retry': { run: (session, values) => claim('retry', session, values as unknown as Claim) },
  'range-spool': {
    reads: true,
    run: ({ tables }, [id, , after, count]: [string, number, string, number]) =>
      rangeOf(tables, id, 0, after, count),
  },
  'range-retry': {
    reads: true,
    run: ({ tables }, [id, gen, after, count]: [string, number, string, number]) =>
      rangeOf(tables, id, gen, after, count),
  },
  'dispatch-sent': {
    run: ({ tables, now }, [submission, chunk, deadlineAt]: [string, number, number]) => {
      const known = tables.dispatch.get(dispatchKey({ submission, chunk }))!;
      if (known.sentAt === undefined && known.deadlineAt === deadlineAt)
        tables.dispatch.set(dispatchKey(known), { ...known, sentAt: now });
      return [];
    },
  },
  'owed-take': { run: (session, values) => takeOwed(session, values as unknown as [string, number, number]) },
};
