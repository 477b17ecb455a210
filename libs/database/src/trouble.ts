/**
 * What keeps PostgreSQL from doing what it was asked, through no fault of the statement. `away`: it does not answer;
 * `refuses`: it answers and takes nothing (read-only, disk full, no connection left); `busy`: it took too long.
 */
export interface Trouble {
  readonly kind: 'away' | 'refuses' | 'busy';
  /** A sentence for people, without a full stop. */
  readonly words: string;
}

/** COMMIT was sent and its answer never came: what the transaction wrote is there as a whole, or not at all. */
export class CommitUnknown extends Error {
  constructor(cause: unknown) {
    super('PostgreSQL was lost while it committed: the transaction is there as a whole, or not at all', {
      cause,
    });
    this.name = 'CommitUnknown';
  }
}

const AWAY = 'PostgreSQL does not answer';
const BUSY = 'PostgreSQL took too long';

const REFUSALS: Readonly<Record<string, string>> = {
  '25006': 'PostgreSQL is read-only',
  '53100': 'the disk of PostgreSQL is full',
  '53200': 'PostgreSQL is out of memory',
  '53300': 'PostgreSQL has no connection left',
  '58030': 'PostgreSQL cannot read or write its disk',
};
/** Connection lost, shut down or starting up; a session ended by its server. */
const AWAY_STATES = /^(08...|57P0.|25P0[34])$/;
/** Resources that no entry above names. */
const OUT_OF_RESOURCES = /^53...$/;
/** Statement or lock timeout, deadlock, conflict of two transactions. */
const BUSY_STATES = /^(57014|55P03|40...)$/;
const SOCKETS = new Set(
  'ECONNREFUSED ECONNRESET ECONNABORTED EPIPE ETIMEDOUT EHOSTUNREACH ENETUNREACH EHOSTDOWN ENOTFOUND EAI_AGAIN ENOENT'.split(
    ' ',
  ),
);
/** What pg and its pool throw without a code. */
const LOST = /connection terminated|client was closed|not queryable|connection timeout|timeout expired/i;
const WAITED = /query read timeout|timeout exceeded when trying to connect/i;

/** undefined for an error that is none of PostgreSQL's surroundings. */
export function troubleOf(error: unknown): Trouble | undefined {
  if (error instanceof CommitUnknown) return troubleOf(error.cause);
  const { code, message, driverError } = (error ?? {}) as {
    code?: unknown;
    message?: unknown;
    driverError?: unknown;
  };
  if (typeof code === 'string') return ofCode(code);
  if (driverError !== undefined && driverError !== error) return troubleOf(driverError);
  if (LOST.test(String(message))) return { kind: 'away', words: AWAY };
  return WAITED.test(String(message)) ? { kind: 'away', words: `${AWAY} in time` } : undefined;
}

function ofCode(code: string): Trouble | undefined {
  const refusal = REFUSALS[code];
  if (refusal) return { kind: 'refuses', words: refusal };
  if (OUT_OF_RESOURCES.test(code)) return { kind: 'refuses', words: 'PostgreSQL is out of resources' };
  if (AWAY_STATES.test(code) || SOCKETS.has(code)) return { kind: 'away', words: AWAY };
  return BUSY_STATES.test(code) ? { kind: 'busy', words: BUSY } : undefined;
}
