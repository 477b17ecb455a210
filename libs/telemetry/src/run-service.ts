import { createLogger, type Logger } from './logger.js';

/** What a started service hands back: how to end it. */
export interface RunningService {
  /** Stops taking work, finishes what is in hand, commits, leaves, closes. */
  stop(): Promise<void>;
}

/** Calls in flight get 8 s to end. A drain that takes longer is cut off: whoever asked would kill the process at 10 s. */
const DRAIN_WITHIN_MS = 9_500;

/**
 * Runs one service as this process: tells the supervisor when it is ready, drains on SIGTERM and
 * SIGINT, ends when its supervisor is gone, and exits 1 on anything it did not expect.
 */
export async function runService(
  name: string,
  start: (logger: Logger) => Promise<RunningService>,
): Promise<void> {
  const logger = createLogger(name, process.env['LOG_LEVEL'] || 'info');
  const fatal = (error: unknown) => {
    logger.fatal({ err: error }, error instanceof Error ? error.message : String(error));
    process.exit(1);
  };
  process.on('uncaughtException', fatal);
  process.on('unhandledRejection', fatal);
  const service = await start(logger).catch(fatal);
  if (!service) return;
  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, 'stopping');
    setTimeout(() => fatal(new Error(`not drained within ${DRAIN_WITHIN_MS} ms`)), DRAIN_WITHIN_MS).unref();
    service.stop().then(() => process.exit(0), fatal);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop(signal));
  process.on('disconnect', () => stop('disconnect'));
  logger.info('ready');
  process.send?.({ type: 'ready' });
}
