import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { cp, mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { endOf, endProcess } from './end-process.js';
import { cacheFolder, deployFolder } from './folders.js';
import { freePort } from './free-port.js';
import { findJava, type Java } from './java.js';
import { classArchive } from './kafka-archive.js';
import { kafkaClassPath } from './kafka-jars.js';
import { keep } from './keeper.js';
import { waitUntilLeftOverIsGone } from './left-over.js';
import { exists, prepareOnce } from './prepare-once.js';
import { waitUntilReady } from './wait-for.js';

const run = promisify(execFile);
const CLUSTER_ID = 'MkU3OEVBNTcwNTJENDM2Qk';
/** A stop takes 0.3 s, and 2 s more where it makes the class data archive. */
const STOP_WITHIN_MS = 5_000;

export interface KafkaSettings {
  /** Where jars are kept between runs (44 MB, archive 52 MB). Default: `.cache` of the checkout. */
  readonly cacheFolder?: string;
  /** Where this broker keeps its log. */
  readonly dataFolder: string;
  /** 0: a free one. */
  readonly port?: number;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Listeners beside the one of `port`. Default none. */
  readonly listeners?: readonly KafkaListener[];
}

/** A port of its own that tells clients to come by another: whoever stands between sees all they send. */
export interface KafkaListener {
  readonly port: number;
  readonly advertisedPort: number;
}

export interface RunningKafka {
  readonly brokers: string;
  readonly pid: number;
  /** Resolves when the process is gone, whoever ended it. */
  readonly ended: Promise<void>;
  /** Ends the broker, by SIGKILL where `withinMs` do not suffice; resolves when the process is gone. */
  stop(withinMs?: number): Promise<void>;
}

/**
 * Starts a real broker in a child JVM; resolves when its port answers. The same folder may be started
 * again after any end, `kill -9` included (then 3 s later: the controller misses the old broker first).
 * @throws MissingPartError where Java, Maven or the jars cannot be had
 */
export async function startKafka(settings: KafkaSettings): Promise<RunningKafka> {
  const cache = settings.cacheFolder ?? cacheFolder();
  const java = await findJava(settings.environment ?? {});
  const classPath = await kafkaClassPath(cache);
  const archive = await classArchive(cache, java, classPath, JVM);
  const port = settings.port || (await freePort());
  await waitUntilLeftOverIsGone('Kafka', join(settings.dataFolder, 'kafka.pid'), settings.dataFolder);
  await formatOnce(java, classPath, cache, settings.dataFolder);
  const properties = await writeProperties(settings.dataFolder, port, settings.listeners);
  const log = join(settings.dataFolder, 'kafka.log');
  const child = await spawnLogged(
    java.command,
    [...JVM, ...archive.flags, '-cp', classPath, 'kafka.Kafka', properties],
    log,
  );
  keep(child, 'TERM');
  await writeFile(join(settings.dataFolder, 'kafka.pid'), `${child.pid}\n`);
  await waitUntilReady('Kafka', child, log, () => answers(port));
  const stop = async (withinMs = STOP_WITHIN_MS) => {
    await endProcess(child, 'SIGTERM', withinMs);
    await archive.keep();
  };
  return { brokers: `127.0.0.1:${port}`, pid: child.pid!, ended: endOf(child), stop };
}

/** Fetches, formats and warms nothing twice: what a first start would do, without starting. */
export async function prepareKafka(
  cache: string,
  environment: KafkaSettings['environment'] = {},
): Promise<void> {
  const java = await findJava(environment);
  await formatted(java, await kafkaClassPath(cache), cache);
}

const LOG_LEVEL = '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn';
const JVM = [LOG_LEVEL, '-Xms256m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

async function spawnLogged(command: string, args: string[], log: string): Promise<ChildProcess> {
  const file = await open(log, 'a');
  // A session of its own: Ctrl-C ends the services first, the broker after them.
  const child = spawn(command, args, { stdio: ['ignore', file.fd, file.fd], detached: true });
  await file.close();
  return child;
}

async function writeProperties(
  dataFolder: string,
  port: number,
  more: readonly KafkaListener[] = [],
): Promise<string> {
  const shipped = await readFile(join(deployFolder(), 'kafka', 'server.properties'), 'utf8');
  const controller = await freePort();
  const own = [
    `controller.quorum.bootstrap.servers=127.0.0.1:${controller}`,
    ...listenerProperties([
      { name: 'PLAINTEXT', port, advertisedPort: port },
      { name: 'CONTROLLER', port: controller, advertisedPort: controller },
      ...more.map((listener, index) => ({ name: `MORE${index}`, ...listener })),
    ]),
    `log.dirs=${join(dataFolder, 'log')}`,
  ];
  const file = join(dataFolder, 'server.properties');
  await writeFile(file, `${shipped}\n${own.join('\n')}\n`);
  return file;
}

function listenerProperties(listeners: readonly (KafkaListener & { name: string })[]): string[] {
  return [
    `listeners=${listeners.map(({ name, port }) => `${name}://127.0.0.1:${port}`).join()}`,
    `advertised.listeners=${listeners.map(({ name, advertisedPort }) => `${name}://127.0.0.1:${advertisedPort}`).join()}`,
    `listener.security.protocol.map=${listeners.map(({ name }) => `${name}:PLAINTEXT`).join()}`,
  ];
}

/** A fresh data folder starts as a copy of one formatted folder: formatting takes a JVM 1.4 s. */
async function formatOnce(java: Java, classPath: string, cache: string, dataFolder: string): Promise<void> {
  const log = join(dataFolder, 'log');
  if (await exists(join(log, 'meta.properties'))) return;
  await mkdir(log, { recursive: true });
  await cp(await formatted(java, classPath, cache), log, { recursive: true });
}

async function formatted(java: Java, classPath: string, cache: string): Promise<string> {
  const folder = join(cache, 'kafka', 'formatted-4.3.1');
  await prepareOnce(folder, async (place) => {
    const properties = await writeProperties(place, await freePort());
    const tool = ['-cp', classPath, 'kafka.tools.StorageTool', 'format', '--standalone'];
    await run(java.command, [LOG_LEVEL, ...tool, '-t', CLUSTER_ID, '-c', properties]);
  });
  return join(folder, 'log');
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve((socket.destroy(), true)));
    socket.once('error', () => resolve(false));
  });
}
