import type { RowJoined } from '@assay/contracts';
import type { Database } from '@assay/database';
import { readAnswers } from './answers.js';
import { CountChanges } from './count-changes.js';
import type { DatabaseClient } from './database-client.js';
import { compareRows, rowKey } from './row-key.js';
import type { JoinedEvent, StoreEvent, SubmittedEvent } from './store-event.js';
import { addCounts, insertWaiting, lockRows, writeRows, type WaitingRow } from './url-rows.js';
import { AnswerMissing, answersToRead, writeRow, type CurrentRow, type UrlRow } from './write-row.js';

/**
 * Writes a group of events in one transaction: rows and counts together or not at all. A row whose
 * answer is missing is left as it is and its events get a `failure`. Flushed again, it adds nothing.
 */
export async function flushRows(events: readonly StoreEvent[], database: Database): Promise<void> {
  const submitted = events.filter((event): event is SubmittedEvent => event.kind === 'submitted');
  const joined = events.filter((event): event is JoinedEvent => event.kind === 'joined');
  if (joined.length === 0) return insertWaiting(database, distinct(submitted.map(waitingOf)));
  const newest = newestVersions(joined);
  const failures = await database.transaction(async (client) => {
    await insertWaiting(client, distinct(submitted.map(waitingOf)));
    return writeNewest(client, newest);
  });
  for (const event of joined) {
    const failure = failures.get(rowKey(event));
    if (failure) event.failure = failure;
  }
}

async function writeNewest(
  client: DatabaseClient,
  newest: readonly JoinedEvent[],
): Promise<Map<string, AnswerMissing>> {
  const current = await lockAll(client, newest);
  const newer = newest.filter((event) => event.message.version > current.get(rowKey(event))!.version);
  const wanted = newer.flatMap((event) => answersToRead(current.get(rowKey(event))!, event.message));
  const answers = await readAnswers(client, wanted);
  const failures = new Map<string, AnswerMissing>();
  const changes = new CountChanges();
  const rows: UrlRow[] = [];
  for (const event of newer) {
    const before = current.get(rowKey(event))!;
    const row = tryWrite(before, event.message, answers);
    if (row instanceof AnswerMissing) {
      failures.set(rowKey(event), row);
      continue;
    }
    rows.push(row);
    changes.move(event.submission, event.partition, before, row);
  }
  await writeRows(client, rows);
  await addCounts(client, changes.sorted());
  return failures;
}

/** A row that was joined before it was seen as submitted is made first: so every row is counted once as new. */
async function lockAll(
  client: DatabaseClient,
  events: readonly JoinedEvent[],
): Promise<Map<string, CurrentRow>> {
  const found = await lockRows(client, events);
  const missing = events.filter((event) => !found.has(rowKey(event)));
  if (missing.length === 0) return found;
  await insertWaiting(
    client,
    missing.map(({ message, ...row }) => waitingOf({ ...row, message })),
  );
  for (const [key, row] of await lockRows(client, missing)) found.set(key, row);
  return found;
}

function tryWrite(...given: Parameters<typeof writeRow>): UrlRow | AnswerMissing {
  try {
    return writeRow(...given);
  } catch (error) {
    if (error instanceof AnswerMissing) return error;
    throw error;
  }
}

/** The newest version of each row, in the order of the keys. */
function newestVersions(events: readonly JoinedEvent[]): JoinedEvent[] {
  const newest = new Map<string, JoinedEvent>();
  for (const event of events) {
    const known = newest.get(rowKey(event));
    if (!known || known.message.version < event.message.version) newest.set(rowKey(event), event);
  }
  return [...newest.values()].sort(compareRows);
}

function waitingOf(event: {
  submission: string;
  seq: number;
  partition: number;
  message: Pick<RowJoined, 'url' | 'host' | 'domain'>;
}): WaitingRow {
  const { submission, seq, partition, message } = event;
  const { url, host, domain } = message;
  if (url === undefined || host === undefined || domain === undefined) return { submission, seq, partition };
  return { submission, seq, partition, url, host, domain };
}

function distinct(rows: readonly WaitingRow[]): WaitingRow[] {
  return [...new Map(rows.map((row) => [rowKey(row), row])).values()];
}
