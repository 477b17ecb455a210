import type { UnitKind } from '@assay/providers';

/** What a row can give by itself. */
export type SubmittedKind = Exclude<UnitKind, 'handle'>;

/** As `unitOf` of @assay/providers takes them from a row. A URL in normal form has its origin before the third slash. */
export const UNIT: Readonly<Record<SubmittedKind, string>> = {
  url: 'url',
  host: 'host',
  domain: 'domain',
  origin: `split_part(url, '/', 1) || '//' || split_part(url, '/', 3)`,
};

/** As `answerKey` of @assay/fetching: sha256 of `surface|version|unit|options`, its first half as a UUID. $2 is `surface|version|`. */
export const ANSWER_KEY = (unit: string) =>
  `encode(substring(sha256(convert_to($2 || ${unit} || '|', 'UTF8')) FROM 1 FOR 16), 'hex')::uuid`;

/** Rows of a list have different URLs: nothing to sort out there. */
const units = (kind: SubmittedKind) =>
  `SELECT ${kind === 'url' ? '' : 'DISTINCT '}${UNIT[kind]} AS unit FROM submission_line
   WHERE submission = $1 AND duplicate_of IS NULL`;

/** Join with what is known and fresh enough: not expired at $3, not fetched before $4. */
const FRESH = `LEFT JOIN fresh_answer f ON f.key = ${ANSWER_KEY('u.unit')} AND f.expires_at > $3 AND f.fetched_at >= $4`;

/** How many answers are fresh enough, at most one more than $3. */
export const COUNT_FRESH = `
SELECT count(*)::int AS fresh FROM (
  SELECT 1 FROM fresh_answer WHERE expires_at > $1 AND fetched_at >= $2 LIMIT $3::int + 1
) f`;

/** The surfaces that have any, with the adapter's version. */
export const FRESH_SURFACES = `
SELECT DISTINCT a.surface || '|' || a.version || '|' AS surface
FROM fresh_answer f JOIN answer a ON a.id = f.answer WHERE f.expires_at > $1 AND f.fetched_at >= $2`;

/** Shapes of hosts that some providers do not take, each with one that stands for all. */
export const ODD_HOSTS = [
  { name: 'v4', test: `u.unit ~ '^[0-9.]+$'`, sample: '192.0.2.1' },
  { name: 'v6', test: `u.unit LIKE '[%'`, sample: '[2001:db8::1]' },
  { name: 'label', test: `strpos(u.unit, '.') = 0 AND u.unit NOT LIKE '[%'`, sample: 'localhost' },
] as const;

/** Distinct units, how many are fresh, how many of the others have an odd shape. */
export function countSql(kind: SubmittedKind, lookUp: boolean): string {
  const known = lookUp ? 'f.key IS NULL' : 'true';
  const odd =
    kind === 'url' || kind === 'origin'
      ? ''
      : ODD_HOSTS.map(({ name, test }) => `, count(*) FILTER (WHERE ${known} AND ${test}) AS ${name}`).join(
          '',
        );
  return `SELECT count(*) AS units, ${lookUp ? 'count(f.key)' : '0'} AS fresh${odd} FROM (${units(kind)}) u ${lookUp ? FRESH : ''}`;
}

/**
 * For providers whose limits go by parts of the unit: units of one host together where they are URLs, each by itself
 * where they are not; those of one host follow each other.
 */
export function groupsSql(kind: SubmittedKind, lookUp: boolean): string {
  const fresh = lookUp ? 'count(f.key)' : '0';
  const group = kind === 'url' || kind === 'origin' ? `split_part(u.unit, '/', 3)` : 'u.unit';
  const by = kind === 'url' ? group : `${group}, u.unit`;
  return `SELECT min(u.unit) AS unit, count(*)::int AS units, ${fresh}::int AS fresh
    FROM (${units(kind)}) u ${lookUp ? FRESH : ''} GROUP BY ${by} ORDER BY ${group}`;
}
