import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { appendFile, copyFile, mkdir, readdir, stat, writeFile, open } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from './free-port.js';
import { deployFolder } from './folders.js';

const run = promisify(execFile);
const CLUSTER_ID = 'MkU3OEVBNTcwNTJENDM2Qk';
const READY_WITHIN_MS = 60_000;

export interface KafkaSettings {
  /** Where jars are kept between runs (44 MB). */
  readonly cacheFolder: string;
  /** Where this broker keeps its log. */
  readonly dataFolder: string;
  /** 0: a free one. */
  readonly port?: number;
}

export interface RunningKafka {
  readonly brokers: string;
  readonly pid: number;
  /** Ends the broker; resolves when the process is gone. */
  stop(): Promise<void>;
}

/** Starts a real broker in a child JVM; resolves when its port answers. */
export async function startKafka(settings: KafkaSettings): Promise<RunningKafka> {
  const classPath = await kafkaClassPath(settings.cacheFolder);
  const port = settings.port || (await freePort());
  const properties = await writeProperties(settings.dataFolder, port);
  await formatOnce(classPath, settings.dataFolder, properties);
  const log = await open(join(settings.dataFolder, 'kafka.log'), 'a');
  const child = spawn('java', [...JVM, '-cp', classPath, 'kafka.Kafka', properties], {
    stdio: ['ignore', log.fd, log.fd],
  });
  await log.close();
  await listening(port, child, join(settings.dataFolder, 'kafka.log'));
  return { brokers: `127.0.0.1:${port}`, pid: child.pid!, stop: () => end(child) };
}

const JVM = [
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  '-Xms256m',
  '-Xmx512m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
];

/** Fetches the jars once. The list is explicit and sorted: a class data archive needs the same string each time. */
async function kafkaClassPath(cacheFolder: string): Promise<string> {
  const libs = join(cacheFolder, 'kafka', 'libs');
  const done = join(libs, '.complete');
  if (!(await exists(done))) {
    await mkdir(libs, { recursive: true });
    await run('mvn', [
      '-q',
      '-B',
      '-f',
      join(deployFolder(), 'kafka', 'pom.xml'),
      'dependency:copy-dependencies',
      '-DincludeScope=runtime',
      `-DoutputDirectory=${libs}`,
    ]);
    await writeFile(done, '');
  }
  const jars = (await readdir(libs)).filter((name) => name.endsWith('.jar')).sort();
  return jars.map((name) => join(libs, name)).join(':');
}

async function writeProperties(dataFolder: string, port: number): Promise<string> {
  await mkdir(dataFolder, { recursive: true });
  const controller = await freePort();
  const file = join(dataFolder, 'server.properties');
  await copyFile(join(deployFolder(), 'kafka', 'server.properties'), file);
  const listeners = `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`;
  await appendFile(
    file,
    [
      '',
      `controller.quorum.bootstrap.servers=127.0.0.1:${controller}`,
      `listeners=${listeners}`,
      `advertised.listeners=${listeners}`,
      `log.dirs=${join(dataFolder, 'log')}`,
      '',
    ].join('\n'),
  );
  return file;
}

async function formatOnce(classPath: string, dataFolder: string, properties: string): Promise<void> {
  if (await exists(join(dataFolder, 'log', 'meta.properties'))) return;
  await run('java', [
    JVM[0]!,
    '-cp',
    classPath,
    'kafka.tools.StorageTool',
    'format',
    '--standalone',
    '-t',
    CLUSTER_ID,
    '-c',
    properties,
  ]);
}

async function listening(port: number, child: ChildProcess, log: string): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`Kafka ended with code ${child.exitCode}: see ${log}`);
    if (await answers(port)) return;
    await wait(50);
  }
  child.kill('SIGKILL');
  throw new Error(`Kafka did not listen within ${READY_WITHIN_MS / 1000} s: see ${log}`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve((socket.destroy(), true)));
    socket.once('error', () => resolve(false));
  });
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), 5_000).unref();
  });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
