import type { Scene } from './scene.js';

/** Rows and cells counted anew beside what was counted along; those that agree are left out. */
const DIFFERING = `
WITH told AS (
  SELECT ask, outcome, detail, sum(n) AS n FROM submission_count WHERE submission = $1 GROUP BY 1, 2, 3
), recounted AS (
  SELECT '' AS ask, state AS outcome, CASE gen WHEN 0 THEN '' ELSE gen::text END AS detail, count(*) AS n
  FROM url_row WHERE submission = $1 GROUP BY 1, 2, 3
  UNION ALL
  SELECT cell.key, cell.value ->> 'outcome', coalesce(cell.value ->> 'detail', ''), count(*)
  FROM url_row, json_each(cells) AS cell WHERE submission = $1 GROUP BY 1, 2, 3
)
SELECT ask, outcome, detail, coalesce(t.n, 0)::float8 AS told, coalesce(r.n, 0)::float8 AS recounted
FROM told t FULL JOIN recounted r USING (ask, outcome, detail)
WHERE coalesce(t.n, 0) <> coalesce(r.n, 0)`;

/** A row stays on its partition, and so does what is counted of it. */
const NEGATIVE = `
SELECT partition, ask, outcome, detail, n::float8 AS told FROM submission_count WHERE submission = $1 AND n < 0`;

interface Count {
  readonly ask: string;
  readonly outcome: string;
  readonly detail: string;
  readonly told: number;
}

const say = ({ ask, outcome, detail }: Count) => `${ask || 'rows'} ${outcome}${detail && `(${detail})`}`;

/** Counts equal a recount of the rows. */
export async function checkCounts({ database, submission, findings }: Scene): Promise<void> {
  const differing = await database.query<Count & { recounted: number }>(DIFFERING, [submission.id]);
  for (const count of differing.rows) findings.add('count-wrong', say(count), count.recounted, count.told);
  const negative = await database.query<Count & { partition: number }>(NEGATIVE, [submission.id]);
  for (const count of negative.rows)
    findings.add('count-wrong', `${say(count)} on partition ${count.partition}`, 'not below 0', count.told);
}
