import { endProcess, isRunning, keep } from '@assay/embedded';
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { nextRestart, restartDelay } from './restart-delay.js';
import { closeLog, lastWords, openLog } from './service-log.js';
import type { ServiceEvent, ServiceSpec } from './service-spec.js';

/** A service that never got ready is given up after this many starts: what it lacks will not come by itself. */
const FIRST_STARTS = 3;
const READY_WITHIN_MS = 60_000;

export interface ServiceSurroundings {
  readonly logFolder: string;
  /** What every service inherits. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  onEvent(event: ServiceEvent): void;
}

/** A service could not be started; the message holds its last words. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** One service that is started again whenever it dies, until it is told to stop. */
export class ManagedService {
  private child: ChildProcess | undefined;
  private stopping = false;
  private everReady = false;
  private restarts = 0;
  private timer: NodeJS.Timeout | undefined;
  private waiting: { resolve(): void; reject(error: Error): void }[] = [];

  constructor(
    readonly spec: ServiceSpec,
    private readonly around: ServiceSurroundings,
  ) {}

  /** Of the process that runs now; undefined between two. */
  get pid(): number | undefined {
    return this.child && isRunning(this.child) ? this.child.pid : undefined;
  }

  get logFile(): string {
    return join(this.around.logFolder, `${this.spec.name}.log`);
  }

  /** Resolves when it says it is ready; rejects when it ended at each of its first starts. Again after `stop`. */
  start(): Promise<void> {
    this.stopping = false;
    const ready = this.nextReady();
    this.spawn();
    return ready;
  }

  /** Resolves at the next `ready`, such as that of the process after a kill. */
  nextReady(): Promise<void> {
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  /** As the operating system would: it is started again. False when there was nothing to signal. */
  signal(signal: NodeJS.Signals): boolean {
    return this.child?.kill(signal) ?? false;
  }

  /** Ends it for good: SIGTERM, after `withinMs` SIGKILL. Resolves when the process is gone. */
  async stop(withinMs: number): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    this.settle(new Error(`${this.spec.name} was stopped`));
    if (this.child) await endProcess(this.child, 'SIGTERM', withinMs);
  }

  private spawn(): void {
    const log = openLog(this.logFile);
    const startedAt = Date.now();
    const child = fork(this.spec.script, [], {
      execArgv: ['--enable-source-maps', ...(this.spec.nodeOptions ?? [])],
      env: { ...this.around.environment, ...this.spec.environment } as NodeJS.ProcessEnv,
      stdio: ['ignore', log, log, 'ipc'],
      // A session of its own: Ctrl-C reaches us alone, and we end the services in our order.
      detached: true,
    });
    closeLog(log);
    keep(child, 'TERM');
    this.child = child;
    const late = setTimeout(() => child.kill('SIGKILL'), READY_WITHIN_MS);
    child.on('error', () => undefined);
    child.on('message', (message: { type?: string }) => {
      if (message.type === 'ready') this.becameReady(late, startedAt);
    });
    child.once('exit', (code, signal) => {
      clearTimeout(late);
      this.ended(signal ?? `code ${code}`, Date.now() - startedAt);
    });
  }

  private becameReady(late: NodeJS.Timeout, startedAt: number): void {
    clearTimeout(late);
    this.everReady = true;
    const tookMs = Date.now() - startedAt;
    this.around.onEvent({ kind: 'ready', service: this.spec.name, tookMs, restart: this.restarts });
    this.settle();
  }

  private ended(how: string, ranMs: number): void {
    if (this.stopping) return;
    this.restarts = nextRestart(this.restarts, ranMs);
    if (!this.everReady && this.restarts >= FIRST_STARTS) return this.settle(this.givenUp(how));
    const againInMs = restartDelay(this.restarts);
    this.around.onEvent({ kind: 'ended', service: this.spec.name, how, againInMs });
    this.timer = setTimeout(() => this.spawn(), againInMs);
  }

  private givenUp(how: string): Error {
    const { name } = this.spec;
    return new StartError(
      `${name} ended with ${how} before it was ready: ${lastWords(this.logFile)} (${this.logFile})`,
    );
  }

  private settle(error?: Error): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const { resolve, reject } of waiting) {
      if (error) reject(error);
      else resolve();
    }
  }
}
