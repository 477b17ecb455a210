import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { freePort, rootFolder } from '@assay/embedded';
import { createTopics } from '@assay/messaging';
import { eventually, testDatabase, testKafka, type TestPart } from '@assay/testing';
import pg from 'pg';

const UPLOADS_AT_ONCE = 8;
const MB = 1024 * 1024;
/** 1,024 bytes each with its line break: 50 MB of them, no two alike. */
const LINES = 51_200;
const line = (n: number) => `https://site-${n}.example/`.padEnd(1_023, 'x');

let kafka: TestPart<string>;
let postgres: TestPart<string>;
let locker: pg.Client;
let child: ChildProcess;
let port: number;

beforeAll(async () => {
  [kafka, postgres] = await Promise.all([testKafka(), testDatabase()]);
  await createTopics({ brokers: kafka.value, partitions: 3 });
  locker = new pg.Client({ connectionString: postgres.value });
  await locker.connect();
  port = await freePort();
  child = fork(join(rootFolder(), 'apps/ingest/dist/main.js'), [], {
    env: {
      KAFKA_BROKERS: kafka.value,
      DATABASE_URL: postgres.value,
      INGEST_PORT: String(port),
      UPLOADS_AT_ONCE: String(UPLOADS_AT_ONCE),
      INGEST_POOL_SIZE: String(UPLOADS_AT_ONCE),
      LOG_LEVEL: 'warn',
    },
  });
  await once(child, 'message');
}, 90_000);

afterAll(async () => {
  child.kill('SIGKILL');
  await locker.end();
  await Promise.all([kafka.stop(), postgres.stop()]);
});

/** A list on its way by hand, so that it is known what the kernel took. */
class Upload {
  readonly socket: Socket = connect(port, '127.0.0.1');
  answer = '';

  constructor(lines: number) {
    this.socket.on('data', (data: Buffer) => (this.answer += data.toString()));
    this.socket.on('error', () => undefined);
    const head = ['POST /v1/submissions HTTP/1.1', 'host: ingest', 'content-type: text/plain'];
    this.socket.write(`${[...head, `content-length: ${lines * 1_024}`].join('\r\n')}\r\n\r\n`);
    void this.send(lines);
  }

  /** Bytes that left this process. */
  get taken(): number {
    return this.socket.bytesWritten - this.socket.writableLength;
  }

  private async send(lines: number): Promise<void> {
    for (let n = 0; n < lines && !this.socket.destroyed; n += 64) {
      const some = Array.from({ length: Math.min(64, lines - n) }, (_, at) => `${line(n + at)}\n`);
      if (!this.socket.write(some.join(''))) await once(this.socket, 'drain').catch(() => undefined);
    }
  }
}

/** Resolves when nothing has moved for a second and a half. */
async function standsStill(read: () => number): Promise<number> {
  let [last, since] = [-1, Date.now()];
  const look = () => {
    const now = read();
    if (now !== last) [last, since] = [now, Date.now()];
    return { now, stillMs: Date.now() - since };
  };
  return (await eventually(look, ({ stillMs }) => stillMs > 1_500, 30_000)).now;
}

function residentBytes(): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)![1]) * 1_024;
}

const lock = () => locker.query('BEGIN; LOCK TABLE submission_line IN ACCESS EXCLUSIVE MODE');

test('while the table is slow the socket is not read; the list ends whole when it is well again', async () => {
  await once(new Upload(64).socket, 'data');
  const before = residentBytes();
  await lock();
  const upload = new Upload(LINES);
  const taken = await standsStill(() => upload.taken);
  const grown = residentBytes() - before;
  process.stderr.write(`taken ${(taken / MB).toFixed(1)} MB, grown ${(grown / MB).toFixed(1)} MB\n`);
  // What the kernel keeps for both ends of the socket, and two chunks of 256 KB.
  expect(taken).toBeLessThan(8 * MB);
  expect(grown).toBeLessThan(50 * MB);
  expect(upload.answer).toBe('');
  await locker.query('ROLLBACK');
  const answer = await eventually(
    () => upload.answer,
    (text) => text.includes('\r\n\r\n'),
    90_000,
  );
  expect(answer).toMatch(/^HTTP\/1\.1 202 /);
  expect(answer).toContain(`"accepted":${LINES},"duplicate":0,"rejected":0`);
  upload.socket.destroy();
}, 180_000);

test('one list more than may come in is told to wait; the others hold no more than half of the connections', async () => {
  await lock();
  const uploads = Array.from({ length: UPLOADS_AT_ONCE }, () => new Upload(2_000));
  await Promise.all(uploads.map((upload) => standsStill(() => upload.taken)));
  const url = `http://127.0.0.1:${port}`;
  const refused = await fetch(`${url}/v1/submissions`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: 'https://one.example/',
  });
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await refused.json()).toMatchObject({
    detail: expect.stringContaining('again in a few seconds') as string,
  });
  // It needs a connection, but none of the locked table.
  const control = await fetch(`${url}/v1/submissions/01900000-0000-7000-8000-0000000000ff/pause`, {
    method: 'POST',
    signal: AbortSignal.timeout(5_000),
  });
  expect(control.status).toBe(404);
  await locker.query('ROLLBACK');
  for (const upload of uploads) {
    await eventually(
      () => upload.answer,
      (text) => text.startsWith('HTTP/1.1 202'),
      60_000,
    );
    upload.socket.destroy();
  }
}, 180_000);
