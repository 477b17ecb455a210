import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';

export type { Logger } from 'pino';

/** JSON lines on standard output. Values under names that hold secrets are masked wherever they stand. */
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
  });
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
