import type { Lane } from '@assay/contracts';
import type { Database } from '@assay/database';
import type { Publisher } from '@assay/messaging';
import type { AskCatalogue } from './ask-catalogue.js';
import { joinRow, type Joined } from './join-row.js';
import { readRows, writeRows, type RowWrite } from './pending-rows.js';
import { isLate, readUntil, type RowEvent } from './row-event.js';
import type { RowCache } from './row-cache.js';
import { rowKey, type RowId } from './row-key.js';
import { sendJoined } from './send-joined.js';
import { sweepTime, sweepTimeAfter, type StoredRow } from './sweep-time.js';

/** One event of one row, and the partition it lives on. */
export interface RowWork extends RowId {
  readonly partition: number;
  readonly event: RowEvent;
}

export interface FlushSettings {
  readonly lane: Lane;
  readonly database: Database;
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly catalogue: AskCatalogue;
  readonly cache: RowCache;
  /** Milliseconds since 1970. */
  clock(): number;
}

/** All events of one row in this flush. */
interface Gathered extends RowId {
  readonly key: string;
  readonly partition: number;
  readonly events: RowEvent[];
}

interface Folded extends Gathered {
  readonly before: StoredRow | undefined;
  readonly joined: Joined;
  readonly due: boolean;
}

/** Somebody else wrote the same rows again and again between our reading and writing them. */
export class RowsContended extends Error {
  constructor(rows: number) {
    super(`${rows} rows were changed by another joiner at each of ${MAX_ROUNDS} tries`);
    this.name = 'RowsContended';
  }
}

const MAX_ROUNDS = 8;

/**
 * Folds a group of events into their rows: read, decide, commit, produce. Resolves when everything
 * that follows from the events is committed and acknowledged. After a failure anywhere the same
 * events may be flushed again: they change nothing more and send the same again.
 */
export async function flushRows(work: readonly RowWork[], settings: FlushSettings): Promise<void> {
  const now = work.reduce(
    (latest, { event }) => (event.kind === 'due' ? Math.max(latest, event.at) : latest),
    settings.clock(),
  );
  const written: Folded[] = [];
  let open = gather(work);
  for (let round = 0; open.length > 0; round++) {
    if (round === MAX_ROUNDS) throw new RowsContended(open.length);
    const folded = await fold(open, now, round > 0, settings);
    const lost = await write(folded, now, settings);
    for (const one of folded) if (!lost.has(one.key)) written.push(one);
    open = open.filter(({ key }) => lost.has(key));
  }
  await sendJoined(settings.publisher, settings.lane, written.map(outgoing));
  await markSwept(written, now, settings);
}

function gather(work: readonly RowWork[]): Gathered[] {
  const rows = new Map<string, Gathered>();
  for (const { submission, seq, partition, event } of work) {
    const key = rowKey({ submission, seq });
    const known = rows.get(key);
    if (known) known.events.push(event);
    else rows.set(key, { key, submission, seq, partition, events: [event] });
  }
  return [...rows.values()];
}

async function fold(
  open: readonly Gathered[],
  now: number,
  readAll: boolean,
  settings: FlushSettings,
): Promise<Folded[]> {
  const { database, cache, catalogue, lane } = settings;
  const unknown = open.filter((row) => readAll || (!cache.get(row.key) && !isNew(row)));
  const stored = await readRows(database, unknown);
  const folded: Folded[] = [];
  for (const row of open) {
    const before = stored.get(row.key) ?? cache.get(row.key);
    const joined = joinRow(before?.state, row.events, { catalogue, lane, now });
    const due = row.events.some(({ kind }) => kind === 'due');
    if (joined) folded.push({ ...row, before, joined, due });
  }
  return folded;
}

/**
 * A row that has just been submitted, and not again by a retry, is taken as new: where it is not,
 * writing it fails and it is read then.
 */
function isNew({ events }: Gathered): boolean {
  return events.some((event) => event.kind === 'submitted' && !event.plan.only && !isLate(event));
}

/** Commits what changed; returns the keys of rows that somebody else has changed meanwhile. */
async function write(folded: readonly Folded[], now: number, settings: FlushSettings): Promise<Set<string>> {
  const { database, lane, cache } = settings;
  const writes = new Map<string, RowWrite>();
  for (const row of folded)
    if (row.joined.state !== row.before?.state) writes.set(row.key, writeOf(row, now, lane));
  const won = await writeRows(database, lane, [...writes.values()]);
  const lost = new Set<string>();
  for (const [key, row] of writes) {
    if (won.has(key)) {
      cache.set(key, row);
    } else {
      cache.delete(key);
      lost.add(key);
    }
  }
  return lost;
}

/** A swept row stays due until what it owes is out (see markSwept), save one that was due no more: a message ended it meanwhile. */
function writeOf(row: Folded, now: number, lane: Lane): RowWrite {
  const { state } = row.joined;
  const sweepAt = row.due && row.before ? row.before.sweepAt : sweepTime(row.before, state, lane);
  const doneAt = state.final && sweepAt === null ? now : null;
  return { ...place(row), revision: (row.before?.revision ?? 0) + 1, state, sweepAt, doneAt };
}

/** After the acknowledgement: moves the sweep of these rows on. Not written, it is swept again, with the same result. */
async function markSwept(written: readonly Folded[], now: number, settings: FlushSettings): Promise<void> {
  const { database, lane, cache } = settings;
  const marks = written.filter(({ due }) => due).map((row) => markOf(row, now));
  const won = await writeRows(database, lane, marks);
  for (const mark of marks) {
    const key = rowKey(mark);
    if (won.has(key)) cache.set(key, mark);
    else cache.delete(key);
  }
}

function markOf(row: Folded, now: number): RowWrite {
  const { owed: _owed, ...state } = row.joined.state;
  const changed = row.joined.state !== row.before?.state;
  const revision = (row.before?.revision ?? 0) + (changed ? 2 : 1);
  const due = row.events.find((event) => event.kind === 'due')!;
  const sweepAt = sweepTimeAfter(state, readUntil(due, now));
  return { ...place(row), revision, state, sweepAt, doneAt: state.final ? now : null };
}

function place({ submission, seq, partition }: Gathered): RowId & { partition: number } {
  return { submission, seq, partition };
}

function outgoing({ seq, partition, joined }: Folded) {
  return { seq, partition, ...joined };
}
