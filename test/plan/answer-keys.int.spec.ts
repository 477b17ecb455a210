import { openDatabase, type OpenDatabase } from '@assay/database';
import { answerKey } from '@assay/fetching';
import { unitOf } from '@assay/providers';
import { testDatabase, type TestPart } from '@assay/testing';
import { normaliseLine } from '../../apps/ingest/src/lines/normalise-url.js';
import { ANSWER_KEY, UNIT, type SubmittedKind } from '../../apps/ingest/src/plan/units-sql.js';

let postgres: TestPart<string>;
let database: OpenDatabase;

beforeAll(async () => {
  postgres = await testDatabase();
  database = await openDatabase({ url: postgres.value, poolSize: 2, applicationName: 'spec' });
});

afterAll(async () => {
  await database?.close();
  await postgres?.stop();
});

test.each([
  ['moz.url', 1, 'https://a.example/x?y=1|2'],
  ['dns', 12, 'xn--bcher-kva.example'],
  ['page', 3, `https://a.example/${'p'.repeat(8_000)}`],
  ['mastodon', 1, 'jürgen@ünïcode.example'],
])('the plan looks for the answers that fetchers store: %s', async (surface, version, unit) => {
  const { rows } = await database.query<{ key: string }>({
    text: `SELECT ${ANSWER_KEY('u.unit')} AS key FROM (SELECT $1::text AS unit) u`,
    values: [unit, `${surface}|${version}|`],
  });
  expect(rows[0]?.key).toBe(answerKey(surface, version, unit));
});

test('units come from a row as the joiner and fetchers take them', async () => {
  const lines = [
    'https://A.example:8443/x//y?z=http://b.example/',
    'http://a.example?q',
    'https://[2001:db8::1]:444/',
    'http://192.0.2.1',
    'https://www.bücher.co.uk/ä b'.replace(' ', '%20'),
  ];
  for (const text of lines) {
    const line = normaliseLine(text);
    if (!line.ok) throw new TypeError(`${text}: ${line.reason}`);
    const { rows } = await database.query<Record<SubmittedKind, string>>({
      text: `SELECT ${Object.entries(UNIT)
        .map(([kind, sql]) => `${sql} AS ${kind}`)
        .join(', ')} FROM (SELECT $1::text AS url, $2::text AS host, $3::text AS domain) row`,
      values: [line.url, line.host, line.domain],
    });
    for (const unit of ['url', 'host', 'domain', 'origin'] as const)
      expect([text, unit, rows[0]?.[unit]]).toEqual([text, unit, unitOf({ unit }, line)]);
  }
});
