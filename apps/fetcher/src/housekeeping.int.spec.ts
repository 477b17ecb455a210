import { openDatabase, type OpenDatabase } from '@assay/database';
import { testDatabase, type TestPart } from '@assay/testing';
import { Housekeeping } from './housekeeping.js';

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

const ID = '01890000-0000-7000-8000-000000000001';
const OLD = `now() - interval '10 days'`;
const names = async (table: string, column: string) =>
  (await database.query<{ name: string }>({ text: `SELECT ${column} AS name FROM ${table}` })).rows.map(
    ({ name }) => name,
  );

test('clears what nobody asks for any more, and nothing else', async () => {
  for (const [name, at] of [
    ['old', OLD],
    ['used', 'now()'],
  ] as const) {
    await database.query({ text: `INSERT INTO permit VALUES ('p', '${name}', 0, 1, '{}', ${at})` });
    await database.query({
      text: `INSERT INTO breaker (provider, limit_key, changed_at) VALUES ('p', '${name}', ${at})`,
    });
  }
  await database.query({
    text: `INSERT INTO breaker (provider, limit_key, open_until, changed_at) VALUES ('p', 'open', now() + interval '1 hour', ${OLD})`,
  });
  await database.query({ text: `INSERT INTO worker VALUES ('${ID}', '{p}', ${OLD}, ${OLD})` });
  const warned: string[] = [];
  const logger = { warn: (fields: object, text: string) => warned.push(JSON.stringify(fields) + text) };
  await new Housekeeping(database, logger as never).keep();
  expect(warned).toEqual([]);
  expect(await names('permit', 'limit_key')).toEqual(['used']);
  expect((await names('breaker', 'limit_key')).sort()).toEqual(['open', 'used']);
  expect(await names('worker', 'id')).toEqual([]);
});
