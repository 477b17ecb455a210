import { openDatabase, type OpenDatabase } from '@assay/database';
import { testDatabase, type TestPart } from '@assay/testing';
import { v7 } from 'uuid';
import type { SubmissionSettings } from '../submission-settings.js';
import { finishSpool, type Ending } from './finish-spool.js';
import { Spool } from './spool.js';

const LINES = 20_000;
const DUPLICATES = 5;
const SETTINGS: SubmissionSettings = {
  ...{ lane: 'bulk', name: null, weight: 1, maxAgeMs: null, ceilings: null },
  ...{ round1Ms: 1_000, deadlineMs: 2_000, graceMs: 1_000, patienceMs: 1_000 },
};
const ENDING: Ending = { asks: ['dns'], truncated: false, planOnly: true, settle: () => SETTINGS };

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

async function spoolOf(lines: number): Promise<Spool> {
  const spool = new Spool(database, v7());
  for (let i = 0; i < lines; i++) spool.take(i, `https://site.com/${i % (lines - DUPLICATES)}`);
  await spool.drain();
  return spool;
}
const finish = (spool: Spool) => database.transaction((client) => finishSpool(client, spool, ENDING));

// Joined line by line, this takes minutes: the statistics are of other lists alone.
test('duplicates of a long list are found at once, though nothing is known of it but that others exist', async () => {
  for (let i = 0; i < 3; i++) await finish(await spoolOf(LINES));
  await database.query({ text: 'ANALYZE submission_line' });
  const { counts } = await finish(await spoolOf(LINES));
  expect(counts).toMatchObject({ lines: LINES, accepted: LINES - DUPLICATES, duplicate: DUPLICATES });
}, 20_000);
