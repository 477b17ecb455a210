import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@assay/embedded';
import { eventually, testCacheFolder } from '@assay/testing';
import { isAlive, Launched } from '../harness/launched.js';
import { runCommand } from '../harness/run-command.js';

let folder: string;
let list: string;
let environment: Record<string, string>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-launcher-'));
  list = join(folder, 'urls.txt');
  await writeFile(
    list,
    'https://www.debian.org/\nnot a url\nhttps://www.debian.org/\nhttps://nodejs.org/en\n',
  );
  const port = await freePort();
  environment = { ASSAY_DATA: join(folder, 'data'), ASSAY_CACHE: testCacheFolder, PORT: String(port) };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a list from standard input ends in a table, and Ctrl-C leaves no process behind within 10 s', async () => {
  const launched = new Launched(['demo', '-'], environment);
  launched.child.stdin!.end('https://www.debian.org/\nnot a url\nhttps://www.debian.org/\n');
  const said = await launched.says('Still serving', 120_000);
  expect(said).toContain('3 = 1 accepted + 1 duplicate + 1 rejected');
  expect(said).toMatch(/cells {2}(\d+) \(1 rows × \1 asks\) = /);
  expect(said).toContain('https://www.deb…');
  expect(said).toContain('10 times the documented ones');
  expect(said).not.toContain('do not add up');
  // A command beside it finds the Kafka and PostgreSQL that it started.
  const dead = await runCommand(['dead'], environment);
  expect([dead.code, dead.out]).toEqual([0, 'There are no dead letters: every message was handled.\n']);
  const replay = await runCommand(['replay', '--all', '--of', 'demo'], environment);
  expect([replay.code, replay.out]).toEqual([0, 'No dead letter is to be returned.\n']);
  const family = launched.family();
  expect(family.length).toBeGreaterThanOrEqual(9);
  const askedAt = Date.now();
  // As under npm: the terminal sends it, and npm passes it on.
  launched.child.kill('SIGINT');
  launched.child.kill('SIGINT');
  expect(await launched.ended()).toBe(0);
  expect(family.filter(isAlive)).toEqual([]);
  expect(Date.now() - askedAt).toBeLessThan(10_000);
  const over = await runCommand(['dead'], environment);
  expect([over.code, over.err]).toEqual([1, expect.stringMatching(/^Assay does not run here.*\n$/)]);
});

test('a launcher that was killed takes everything with it', async () => {
  const launched = new Launched(['demo', list], environment);
  await launched.says('Ready after', 120_000);
  const family = launched.family();
  launched.child.kill('SIGKILL');
  await eventually(
    () => family.filter(isAlive),
    (left) => left.length === 0,
    12_000,
  );
});

describe('before anything starts, one sentence names the remedy', () => {
  /** All of the output, once the launcher has ended by itself. */
  async function refusal(args: string[], changes: Record<string, string> = {}): Promise<string> {
    const launched = new Launched(args, { ...environment, ...changes });
    const family = launched.family();
    expect(await launched.ended()).toBe(1);
    expect(family.filter(isAlive)).toEqual([]);
    return launched.said.trim();
  }

  const oneSentence = /^[^\n]+$/;

  test('a taken port', async () => {
    const server: Server = createServer().listen(Number(environment['PORT']), '127.0.0.1');
    const said = await refusal(['demo', list]);
    server.close();
    expect(said).toMatch(oneSentence);
    expect(said).toMatch(/^Port \d+ is taken: .*PORT=\d+ npm run demo$/);
  });

  test('no Java', async () => {
    const said = await refusal(['demo', list], { PATH: folder, JAVA_HOME: '' });
    expect(said).toMatch(oneSentence);
    expect(said).toMatch(/Java was not found: install .*openjdk-17-jre-headless/);
  });

  test('no Maven, where the jars are not in the cache', async () => {
    const bin = join(folder, 'bin');
    await mkdir(bin);
    await writeFile(join(bin, 'java'), '#!/bin/sh\necho \'openjdk version "21.0.1"\' >&2\n');
    await chmod(join(bin, 'java'), 0o755);
    const said = await refusal(['demo', list], {
      PATH: bin,
      JAVA_HOME: '',
      ASSAY_CACHE: join(folder, 'cache'),
    });
    expect(said).toMatch(oneSentence);
    expect(said).toMatch(/Maven was not found.*apt-get install maven/);
  });

  test('a list that is not there', async () => {
    const said = await refusal(['demo', join(folder, 'none.txt')]);
    expect(said).toMatch(/none\.txt does not exist: name a text file/);
  });

  test('a data folder that is a file', async () => {
    const said = await refusal(['start'], { ASSAY_DATA: list });
    expect(said).toMatch(oneSentence);
    expect(said).toMatch(/urls\.txt.* cannot be read and written .*ASSAY_DATA/);
  });

  test('a broker that does not answer', async () => {
    const said = await refusal(['start'], { KAFKA_BROKERS: `127.0.0.1:${await freePort()}` });
    expect(said).toMatch(/^No Kafka broker answers at .*KAFKA_BROKERS/);
  });

  test('a setting that makes no sense', async () => {
    const said = await refusal(['start'], { PORT: 'many' });
    expect(said).toMatch(/PORT/);
  });
});
