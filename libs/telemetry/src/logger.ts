import type { LoggerService } from '@nestjs/common';
import { pino, type Logger, type LoggerOptions } from 'pino';
import { RepeatedLines } from './repeated-lines.js';

export type { Logger } from 'pino';

const WARN = 40;
const FATAL = 60;

/**
 * JSON lines on standard output. Values under names that hold secrets are masked wherever they stand. Warnings and
 * errors that repeat are held back: `unsaid` counts them.
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
    if (level < WARN || level >= FATAL || typeof text !== 'string') return method.apply(this, args);
    const unsaid = lines.says(text, performance.now());
    if (unsaid === undefined) return;
    method.apply(this, (unsaid > 0 ? [{ ...(fields as object), unsaid }, text] : args) as typeof args);
  };
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
