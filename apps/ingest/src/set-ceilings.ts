import type { IncomingMessage } from 'node:http';
import { CeilingsBody, type Ceilings } from '@assay/contracts';
import type { Database } from '@assay/database';
import { shownCeilings, storedCeilings, unplannedCeiling, type StoredCeilings } from './ceilings.js';
import type { IngestConfig } from './ingest.config.js';
import { readBody } from './lines/read-body.js';
import { Refusal } from './problem.js';
import { faultsOf } from './read-options.js';
import { isId, unknownSubmission } from './submission-id.js';

const MOST_BYTES = 64 * 1024;

/** Raises and lowers the ceilings of a submission: what fetchers take of its budget from then on goes by them. */
export class SetCeilings {
  constructor(
    private readonly config: Pick<IngestConfig, 'registry' | 'uploadIdleMs'>,
    private readonly database: Database,
  ) {}

  /** @throws Refusal 404 for an unknown id, 400 for what is no ceiling, 409 where it would come too late */
  async set(id: string, request: IncomingMessage): Promise<Ceilings> {
    if (!isId(id)) throw unknownSubmission(id);
    const asked = await this.#read(request);
    const found = await this.database.query<{
      asks: string[];
      ceilings: StoredCeilings | null;
      dispatched: string;
    }>({
      name: 'ceilings-of',
      text: 'SELECT asks, ceilings, dispatched FROM submission WHERE id = $1',
      values: [id],
    });
    const row = found.rows[0];
    if (!row) throw unknownSubmission(id);
    const fault = unplannedCeiling(asked, this.#plannedBy(row.asks));
    if (fault) throw new Refusal(400, fault);
    // Of a submission that had ceilings once every call is counted, with or without a limit.
    const stored = storedCeilings(asked) ?? (row.ceilings === null ? null : {});
    const changed = await this.database.query({
      name: 'ceilings-set',
      text: SET,
      values: [id, stored === null ? null : JSON.stringify(stored)],
    });
    if (changed.rowCount === 0) throw new Refusal(409, TOO_LATE);
    return shownCeilings(stored) ?? {};
  }

  #plannedBy(asks: readonly string[]): string[] {
    return [...new Set(asks.flatMap((ask) => this.config.registry.asks.get(ask)?.provider.id ?? []))];
  }

  async #read(request: IncomingMessage): Promise<Ceilings> {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of readBody(request, this.config.uploadIdleMs)) {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) throw new Refusal(400, SHAPE);
      chunks.push(chunk);
    }
    const asked = parsed(Buffer.concat(chunks).toString('utf8'));
    if (CeilingsBody.check(asked)) return asked;
    const faults = typeof asked === 'object' && asked !== null ? `${faultsOf(CeilingsBody, asked)}. ` : '';
    throw new Refusal(400, `${faults}${SHAPE}`);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const SHAPE =
  'Send ceilings as JSON, prices in USD: {"maxPrice": 5, "maxCalls": 1000, "providers": {"moz": {"maxPrice": 3}}}; {} for none.';
const TOO_LATE =
  'Rows of this submission went out before it had any ceiling, so that what they cost is not counted: set ceilings before the start, or cancel it.';

const SET = `
UPDATE submission SET ceilings = $2::json
WHERE id = $1 AND (ceilings IS NOT NULL OR dispatched = 0 OR $2::json IS NULL)`;
