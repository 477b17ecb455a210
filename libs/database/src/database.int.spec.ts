import { testDatabase, type TestPart } from '@assay/testing';
import { copyRows, copyText } from './copy-rows.js';
import { openDatabase, type OpenDatabase } from './open-database.js';

let postgres: TestPart<string>;
let database: OpenDatabase;

beforeAll(async () => {
  postgres = await testDatabase();
  database = await openDatabase({ url: postgres.value, poolSize: 3, applicationName: 'spec' });
  await database.query({ text: 'CREATE TABLE note (n int PRIMARY KEY, text text)' });
});

afterEach(() => database.query({ text: 'TRUNCATE note' }));

afterAll(async () => {
  await database?.close();
  await postgres?.stop();
});

const notes = async () => (await database.query({ text: 'SELECT n, text FROM note ORDER BY n' })).rows;

test('COPY brings back every character that PostgreSQL can hold', async () => {
  const texts = ['plain', 'tab\t', 'line\nbreak\r\n', 'back\\slash\\N', 'ümläut 😀', '\u0001', ''];
  const lines = texts.map((text, n) => `${n}\t${copyText(text)}\n`).join('');
  await database.transaction((client) => copyRows(client, 'note', ['n', 'text'], lines));
  expect(await notes()).toEqual(texts.map((text, n) => ({ n, text })));
});

test('a COPY that fails rejects, its transaction leaves nothing and its connection is used again', async () => {
  const twice = database.transaction((client) => copyRows(client, 'note', ['n', 'text'], '1\ta\n1\tb\n'));
  await expect(twice).rejects.toMatchObject({ code: '23505' });
  expect(await notes()).toEqual([]);
  await database.transaction((client) => copyRows(client, 'note', ['n', 'text'], '1\ta\n'));
  expect(await notes()).toEqual([{ n: 1, text: 'a' }]);
});

test('what throws inside a transaction undoes it', async () => {
  const failed = database.transaction(async (client) => {
    await client.query(`INSERT INTO note VALUES (1, 'a')`);
    throw new RangeError('no');
  });
  await expect(failed).rejects.toThrow(RangeError);
  expect(await notes()).toEqual([]);
});

test('a connection lost inside a transaction rejects it; the process and the pool go on', async () => {
  const lost = database.transaction(async (client) => {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const gone = new Promise((resolve) => client.once('end', resolve));
    await database.query({ text: 'SELECT pg_terminate_backend($1)', values: [rows[0]!.pid] });
    await gone;
    await client.query(`INSERT INTO note VALUES (1, 'a')`);
  });
  await expect(lost).rejects.toThrow();
  expect(await notes()).toEqual([]);
});
