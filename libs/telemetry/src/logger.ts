import type { LoggerService } from '@nestjs/common';
import { pino, type Logger, type LoggerOptions } from 'pino';
import { RepeatedLines } from './repeated-lines.js';

export type { Logger } from 'pino';

const WARN = 40;
const FATAL = 60;

/**
 * JSON lines on standard output. Values under names that hold secrets are masked wherever they stand. A failure
 * that repeats is said once in 10 s: `unsaid` counts the rest.
 */
export function createLogger(service: string, level = 'info'): Logger {
  return pino({
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: [
        'key',
        '*.key',
        'authorization',
        '*.authorization',
        '*.headers.authorization',
        'headers["x-moz-token"]',
      ],
      censor: '[secret]',
    },
    hooks: { logMethod: withoutRepeats() },
  });
}

type LogMethod = NonNullable<NonNullable<LoggerOptions['hooks']>['logMethod']>;

function withoutRepeats(): LogMethod {
  const lines = new RepeatedLines();
  return function (args, method, level) {
    const [fields, text] = args as unknown as [unknown, unknown];
    const failure = level < WARN || level >= FATAL ? undefined : failureOf(fields, text);
    if (failure === undefined) return method.apply(this, args);
    const unsaid = lines.says(failure, performance.now());
    if (unsaid === undefined) return;
    method.apply(this, (unsaid > 0 ? [{ ...(fields as object), unsaid }, text] : args) as typeof args);
  };
}

/** What is said and the error it is said of; undefined for a line about no error. */
function failureOf(fields: unknown, text: unknown): string | undefined {
  if (typeof text !== 'string' || typeof fields !== 'object' || fields === null) return undefined;
  const { err, error, kafkajs } = fields as {
    err?: { message?: unknown };
    error?: unknown;
    kafkajs?: unknown;
  };
  if (err === undefined && kafkajs === undefined) return undefined;
  return `${text} ${String(err?.message ?? error)}`;
}

/** Nest's own lines through the same logger. */
export function nestLogger(logger: Logger): LoggerService {
  return {
    log: (message: unknown, context?: string) => logger.debug({ context }, String(message)),
    debug: (message: unknown, context?: string) => logger.debug({ context }, String(message)),
    verbose: (message: unknown, context?: string) => logger.trace({ context }, String(message)),
    warn: (message: unknown, context?: string) => logger.warn({ context }, String(message)),
    error: (message: unknown, stack?: string, context?: string) =>
      logger.error({ context, stack }, String(message)),
    fatal: (message: unknown, context?: string) => logger.fatal({ context }, String(message)),
  };
}
