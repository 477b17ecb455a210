import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { startSystem, type TestSystem } from '../../harness/start-system.js';
import { Topics, type KeptMessage } from '../../harness/topics.js';
import { deadUrls, testUrls } from '../test-urls.js';
import { check, type FaultKind, type Report } from './check.js';
import { DAMAGED, DAMAGES } from './damages.fixture.js';

const SERVICES = ['ingest', 'fetcher.page', 'fetcher.others', 'joiner', 'store', 'query'];

let system: TestSystem;
let folder: string;
let id: string;
let topics: Topics;
let admin: Admin;

/** Lines of all kinds: 200 rows, doubled ones, spelled otherwise, refused, blank. Lines 3 and 4 are one URL. */
function list(): string[] {
  const [first, second, third, ...rest] = [...testUrls('checker', 192, 60), ...deadUrls('checker', 8)];
  return [
    ...[first!, '', third!, third!, `${second}#part`],
    ...rest,
    ...['', first!.replace('https:', 'HTTPS:'), 'no url', 'ftp://example.com/', '  ', second!],
  ];
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-checker-'));
  system = await startSystem();
  topics = new Topics(system.brokers);
  admin = new Kafka({ brokers: [system.brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const lines = list();
  await writeFile(join(folder, 'urls.txt'), lines.join('\n'));
  ({ id } = await system.api.submit(lines, { lane: 'bulk' }));
  await system.api.finished(id, 60_000);
}, 120_000);
afterAll(async () => {
  await Promise.allSettled([topics?.close(), admin?.disconnect()]);
  await system?.stop();
  await rm(folder, { recursive: true, force: true });
}, 30_000);

const look = (more: { restWithinMs?: number; strict?: boolean } = {}): Promise<Report> =>
  check({
    inputFile: join(folder, 'urls.txt'),
    submission: id,
    databaseUrl: system.databaseUrl,
    brokers: system.brokers,
    simulatorUrl: system.simulator.address,
    restWithinMs: 0,
    ...more,
  });

const kindsOf = (report: Report): string[] => Object.keys(report.faultsByKind).sort();

test('an undamaged run has no fault, and everything was looked at', async () => {
  const report = await look({ restWithinMs: 20_000, strict: true });
  expect(report.faults).toEqual([]);
  expect(report).toMatchObject({ rows: 200, cells: 1_600, lost: 0, doubled: 0 });
  console.log(JSON.stringify(report));
});
