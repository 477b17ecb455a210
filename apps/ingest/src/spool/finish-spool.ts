import type { LineCounts, SubmissionState } from '@assay/contracts';
import type { Database } from '@assay/database';
import type { SubmissionSettings } from '../submission-settings.js';
import { SpoolLost, type Spool } from './spool.js';

type Client = Parameters<Parameters<Database['transaction']>[0]>[0];

/** Joined in a moment, however. */
const FEW_LINES = 100;

export interface FinishedSpool {
  readonly state: SubmissionState;
  readonly settings: SubmissionSettings;
  readonly counts: LineCounts;
}

/** What a finished upload becomes, given how many rows it has. */
export interface Ending {
  readonly asks: readonly string[];
  /** The upload was cut: what came waits until a person starts it. */
  readonly truncated: boolean;
  /** Its plan is wanted: nothing goes out until a person starts it. */
  readonly planOnly: boolean;
  settle(rows: number): SubmissionSettings;
}

/**
 * Ends an upload inside the transaction of `client`: the last lines, duplicates, counts and state become
 * visible together.
 */
export async function finishSpool(client: Client, spool: Spool, ending: Ending): Promise<FinishedSpool> {
  if (spool.spilled) await client.query({ text: HOLD, values: [spool.id] });
  await spool.writeRest(client);
  const duplicate = spool.taken > 1 ? await markDuplicates(client, spool) : 0;
  const accepted = spool.taken - duplicate;
  const counts = { lines: spool.taken + spool.rejected, accepted, duplicate, rejected: spool.rejected };
  const settings = ending.settle(accepted);
  const state = stateOf(accepted, ending);
  await save(client, spool, { state, settings, counts }, ending.asks);
  return { state, settings, counts };
}

function stateOf(accepted: number, { truncated, planOnly }: Ending): SubmissionState {
  if (truncated) return 'truncated';
  if (accepted === 0) return 'complete';
  return planOnly ? 'paused' : 'running';
}

async function markDuplicates(client: Client, spool: Spool): Promise<number> {
  // A million digests sort in about this much.
  if (spool.spilled) await client.query(`SET LOCAL work_mem = '96MB'`);
  // Statistics know nothing of a list that has just come: a planner that takes it for one row joins it by nested loops,
  // which took over a minute for 20,000 lines. A hash takes them in 0.1 s.
  const many = spool.taken > FEW_LINES;
  if (many) await client.query('SET LOCAL enable_nestloop = off');
  const marked = await client.query({ name: 'spool-duplicates', text: MARK_DUPLICATES, values: [spool.id] });
  if (many) await client.query('SET LOCAL enable_nestloop = on');
  return marked.rowCount ?? 0;
}

async function save(
  client: Client,
  spool: Spool,
  end: FinishedSpool,
  asks: readonly string[],
): Promise<void> {
  const { settings, counts, state } = end;
  const saved = await client.query({
    name: spool.spilled ? 'spool-end' : 'spool-whole',
    text: spool.spilled ? END_RECEIVING : INSERT_WHOLE,
    values: [
      spool.id,
      state,
      settings.lane,
      settings.name,
      asks,
      settings.round1Ms,
      settings.deadlineMs,
      settings.graceMs,
      settings.patienceMs,
      settings.maxAgeMs,
      settings.weight,
      counts.lines,
      counts.accepted,
      counts.duplicate,
      counts.rejected,
      settings.ceilings === null ? null : JSON.stringify(settings.ceilings),
    ],
  });
  if (saved.rowCount !== 1) throw new SpoolLost(`submission ${spool.id} is gone`);
}

/** Keeps the clean-up of leftovers away until the end. */
const HOLD = `UPDATE submission SET touched_at = now() WHERE id = $1 AND state = 'receiving'`;

/** Digests are compared first, since 8 KB URLs would make a sort of themselves too large; then the URLs. */
const MARK_DUPLICATES = `
UPDATE submission_line line SET duplicate_of = same.first
FROM (
  SELECT seq, min(seq) OVER (PARTITION BY md5(url)::uuid) AS first FROM submission_line WHERE submission = $1
) same
JOIN submission_line original ON original.submission = $1 AND original.seq = same.first
WHERE line.submission = $1 AND line.seq = same.seq AND same.seq <> same.first AND original.url = line.url`;

const COLUMNS = `(id, state, lane, name, asks, round1_ms, deadline_ms, grace_ms, patience_ms, max_age_ms, weight,
  lines, accepted, duplicate, rejected, ceilings, completed_at)`;
const VALUES = `$1::uuid, $2::text, $3::text, $4::text, $5::text[], $6::int, $7::int, $8::int, $9::int, $10::bigint,
  $11::int, $12::bigint, $13::bigint, $14::bigint, $15::bigint, $16::json, CASE WHEN $2::text = 'complete' THEN now() END`;

const INSERT_WHOLE = `INSERT INTO submission ${COLUMNS} VALUES (${VALUES})`;
const END_RECEIVING = `UPDATE submission SET ${COLUMNS} = ROW(${VALUES}) WHERE id = $1 AND state = 'receiving'`;
