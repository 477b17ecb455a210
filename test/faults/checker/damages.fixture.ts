import type { FaultKind } from './report.js';

/** One kind of damage: what is done to which tables, and what the checker must say of it. */
export interface Damage {
  readonly name: string;
  readonly tables: readonly string[];
  /** $1: the submission. */
  readonly sql: readonly string[];
  readonly found: readonly FaultKind[];
  /** Only a strict check can know: a fault elsewhere may have brought it about. */
  readonly strict?: true;
}

/** Every table that a damage touches: a copy is kept of each. */
export const DAMAGED = [
  ...['submission', 'submission_line', 'url_row', 'submission_count', 'answer', 'call', 'call_share'],
  ...['claim', 'parked', 'dispatch', 'pending_row'],
];

/** The first row of which Safe Browsing has told something: few, large calls come back on a busy machine too. */
const ROW = `submission = $1 AND seq = (SELECT seq FROM kept_url_row
  WHERE submission = $1 AND cells -> 'safebrowsing' ->> 'outcome' = 'ok' ORDER BY seq LIMIT 1)`;
/** What it has told. */
const ITS_ANSWER = `(SELECT (cells -> 'safebrowsing' ->> 'answer')::uuid FROM url_row WHERE ${ROW})`;
const alter = (json: string) => `jsonb_set(${json}::jsonb, '{threats}', '77')`;
const alterRow = `UPDATE url_row SET numbers = jsonb_set(numbers::jsonb, '{safebrowsing}', ${alter("(numbers -> 'safebrowsing')")})::json WHERE ${ROW}`;
const alterAnswer = `UPDATE answer SET numbers = ${alter('numbers')}::json WHERE id = ${ITS_ANSWER}`;
const setCell = (cell: string) =>
  `UPDATE url_row SET cells = jsonb_set(cells::jsonb, '{safebrowsing}', ${cell})::json WHERE ${ROW}`;
const itsCell = "(cells -> 'safebrowsing')::jsonb";
/** A copy of a row on another line. */
const copyRow = (seq: number, row = ROW) => `
  INSERT INTO url_row (submission, seq, version, state, url, host, domain, cells, numbers, final_at)
  SELECT submission, ${seq}, version, state, url, host, domain, cells, numbers, final_at FROM url_row WHERE ${row}`;
/** Line 4 is handed in as the same URL as line 3. */
const TWIN = 4;
const BEYOND = 9_000;

const of = (
  name: string,
  tables: string,
  sql: string | readonly string[],
  ...found: readonly FaultKind[]
): Damage => ({ name, tables: tables.split(' '), sql: [sql].flat(), found });

export const DAMAGES: readonly Damage[] = [
  of('a row deleted', 'url_row', `DELETE FROM url_row WHERE ${ROW}`, 'row-missing', 'count-wrong'),
  of('a row not final', 'url_row', `UPDATE url_row SET state = 'partial' WHERE ${ROW}`, 'row-not-final'),
  of('a value altered in the row', 'url_row', alterRow, 'value-wrong', 'answer-differs'),
  of('a value altered in its answer', 'answer', alterAnswer, 'value-wrong', 'answer-differs'),
  of('a value altered in both', 'url_row answer', [alterRow, alterAnswer], 'value-wrong'),
  of(
    'an outcome altered, and its number gone',
    'url_row',
    [
      setCell(`${itsCell} || '{"outcome":"absent"}'`),
      `UPDATE url_row SET numbers = (numbers::jsonb - 'safebrowsing')::json WHERE ${ROW}`,
    ],
    'outcome-wrong',
    'version-differs',
  ),
  {
    ...of(
      'a number that is there, given as failed',
      'url_row',
      [
        setCell(`'{"gen":0,"outcome":"failed","detail":"timeout","at":1}'`),
        `UPDATE url_row SET numbers = (numbers::jsonb - 'safebrowsing')::json WHERE ${ROW}`,
      ],
      'outcome-wrong',
      'cell-skipped',
    ),
    strict: true,
  },
  of(
    'an outcome without its class',
    'url_row',
    setCell(`${itsCell} - 'answer' || '{"outcome":"failed"}'`),
    'outcome-illegal',
    'cell-skipped',
  ),
  of(
    'an outcome missing',
    'url_row',
    `UPDATE url_row SET cells = (cells::jsonb - 'safebrowsing')::json, numbers = (numbers::jsonb - 'safebrowsing')::json WHERE ${ROW}`,
    'outcome-missing',
    'count-wrong',
    'cell-skipped',
  ),
  of(
    'a cell that is not planned',
    'url_row',
    `UPDATE url_row SET cells = (cells::jsonb || jsonb_build_object('tranco', ${itsCell}))::json WHERE ${ROW}`,
    'cell-unplanned',
  ),
  of(
    'an answer about another unit',
    'url_row',
    `UPDATE url_row SET cells = jsonb_set(cells::jsonb, '{safebrowsing,answer}', (SELECT to_jsonb(id) FROM answer
       WHERE surface = 'safebrowsing' AND outcome = 'ok' AND id <> ${ITS_ANSWER} LIMIT 1))::json WHERE ${ROW}`,
    'unit-wrong',
  ),
  of('an answer deleted', 'answer', `DELETE FROM answer WHERE id = ${ITS_ANSWER}`, 'answer-missing'),
  of(
    'a count wrong',
    'submission_count',
    `UPDATE submission_count SET n = n + 1 WHERE submission = $1 AND ask = 'safebrowsing' AND outcome = 'ok'
       AND partition = (SELECT min(partition) FROM submission_count WHERE submission = $1 AND ask = 'safebrowsing' AND outcome = 'ok')`,
    'count-wrong',
  ),
  of(
    'a line accepted twice',
    'submission_line url_row',
    [
      `UPDATE submission_line SET duplicate_of = NULL WHERE submission = $1 AND seq = ${TWIN}`,
      copyRow(TWIN, 'submission = $1 AND seq = 3'),
    ],
    'row-doubled',
    'line-wrong',
    'line-not-submitted',
    'submission-numbers',
  ),
  of('a row without a line', 'url_row', copyRow(BEYOND), 'row-foreign', 'row-doubled'),
  of(
    'a line lost',
    'submission_line',
    `DELETE FROM submission_line WHERE ${ROW}`,
    'line-missing',
    'row-foreign',
  ),
  of(
    'a line from nowhere',
    'submission_line',
    `INSERT INTO submission_line SELECT submission, ${BEYOND}, url || 'x', host, domain, bucket, turn FROM submission_line
       WHERE ${ROW}`,
    'line-foreign',
    'row-missing',
  ),
  of(
    'numbers of the submission wrong',
    'submission',
    'UPDATE submission SET accepted = accepted + 1, duplicate = duplicate - 1 WHERE id = $1',
    'submission-numbers',
  ),
  of(
    'a ledger row missing',
    'call call_share',
    [
      `DELETE FROM call_share WHERE call = (SELECT id FROM call WHERE $1::uuid IS NOT NULL ORDER BY id LIMIT 1)`,
      `DELETE FROM call WHERE id = (SELECT id FROM call WHERE $1::uuid IS NOT NULL ORDER BY id LIMIT 1)`,
    ],
    'ledger-short',
  ),
  of(
    'a ledger row too many',
    'call',
    `INSERT INTO call (id, provider, limit_key, units, class, cost_micro_usd, started_at, ended_at, charged)
       SELECT gen_random_uuid(), provider, limit_key, units, class, 0, started_at, ended_at, 'yes'
       FROM call WHERE $1::uuid IS NOT NULL LIMIT 1`,
    'ledger-long',
  ),
  of(
    'shares that are not the price',
    'call_share',
    'UPDATE call_share SET cost_micro_usd = cost_micro_usd + 1 WHERE submission = $1',
    'share-wrong',
  ),
  of(
    'a unit bought twice',
    'answer',
    `INSERT INTO answer SELECT gen_random_uuid(), key, surface, version, unit, outcome, numbers, facts, as_of,
       fetched_at + interval '1 s', expires_at FROM answer WHERE surface = 'moz.url' AND $1::uuid IS NOT NULL LIMIT 1`,
    'bought-twice',
  ),
  of(
    'a claim left open',
    'claim',
    `UPDATE claim SET ended_at = NULL WHERE key = (SELECT key FROM claim WHERE $1::uuid IS NOT NULL LIMIT 1)`,
    'claim-open',
  ),
  of(
    'a call left open',
    'call',
    `UPDATE call SET ended_at = NULL WHERE id = (SELECT id FROM call WHERE $1::uuid IS NOT NULL LIMIT 1)`,
    'call-open',
  ),
  of(
    'a parked row left',
    'parked',
    `INSERT INTO parked (provider, ask, submission, seq, gen, lane, partition, limit_key, unit, plan, wait_until, expires_at,
       not_before) VALUES ('dns', 'dns', $1, 3, 0, 'bulk', 0, 'dns.google', 'x', '{}', now(), now(), now())`,
    'parked',
  ),
  of(
    'a dispatch owed',
    'dispatch',
    'UPDATE dispatch SET sent_at = NULL WHERE submission = $1',
    'dispatch-owed',
  ),
  of(
    'rows taken up again, and nobody told',
    'dispatch',
    'UPDATE dispatch SET takes = 1, take_sent_at = NULL WHERE submission = $1',
    'dispatch-owed',
  ),
  of(
    'a row that the joiner holds open',
    'pending_row',
    `UPDATE pending_row SET state = jsonb_set(state::jsonb, '{final}', 'false')::json WHERE ${ROW}`,
    'row-open',
  ),
  of(
    'the last version of a row passed over',
    'url_row',
    `UPDATE url_row SET version = version - 1 WHERE ${ROW}`,
    'version-skipped',
  ),
  of(
    'a version that nobody sent',
    'url_row',
    `UPDATE url_row SET version = version + 1 WHERE ${ROW}`,
    'version-foreign',
  ),
];
