import { claimChunk } from '../../apps/ingest/src/dispatch/claim-chunk.js';
import type { Dispatch } from '../../apps/ingest/src/dispatch/dispatch-plan.js';
import { isComplete, nextChunk } from '../../apps/ingest/src/dispatch/next-chunk.js';
import { completeAll, readOpen } from '../../apps/ingest/src/dispatch/open-submissions.js';
import { Outbox } from '../../apps/ingest/src/dispatch/outbox.js';
import { markSent, takeOwed } from '../../apps/ingest/src/dispatch/owed-dispatches.js';
import type { Database } from '@assay/database';
import type { Postgres } from './database.js';
import type { Surroundings } from './joiner.js';
import { Process } from './process.js';
import { Reconciler, type Readers } from './reconciler.js';
import { roundOne } from './round-one.js';
import { PARTITIONS, publisherOf, type Topics } from './topics.js';

export interface IngestFlaws {
  /** A dispatch is marked as sent before it is. */
  readonly sentFirst: boolean;
}

export const LEASE_MS = 2_000;

/** The dispatcher of the product: its claims, its outbox, its owed dispatches; and reconciliation. */
export class Ingest extends Process {
  constructor(
    name: string,
    postgres: Postgres,
    private readonly topics: Topics,
    private readonly readers: Readers,
    private readonly around: Surroundings,
    private readonly flaws: IngestFlaws,
  ) {
    super(name, postgres);
    this.start();
  }

  protected override begin(): void {
    const { clock, early, reconciles } = this.around;
    const owner = `${this.name} ${this.life}`;
    const by = { owner, partitions: PARTITIONS, leaseMs: LEASE_MS, inFlightRows: 20_000 };
    const database = this.postgres.connect(this.wire, 'ingest');
    const publisher = publisherOf(this.wire, this.topics, clock, early);
    const outbox = new Outbox({ database, publisher, roundOneAsks: roundOne }, by);
    const send = (dispatch: Dispatch) => this.#send(dispatch, outbox, database);
    const { tables } = this.postgres;
    const reconciler = new Reconciler({
      ...{ tables, wire: this.wire, publisher, clock },
      readers: this.readers,
    });
    this.chores = {
      dispatch: () => this.#dispatch(database, by, send),
      owed: async () => {
        for (const dispatch of await takeOwed(database, by))
          if (!outbox.holds(dispatch)) await send(dispatch);
      },
      ...(reconciles && { reconcile: () => reconciler.look() }),
    };
  }

  async #dispatch(
    database: Database,
    by: Parameters<typeof claimChunk>[2],
    send: (dispatch: Dispatch) => Promise<void>,
  ): Promise<void> {
    const open = await readOpen(database);
    const done = open.filter(isComplete);
    if (done.length > 0) await completeAll(database, done);
    for (const submission of open) {
      if (submission.state === 'paused' || !nextChunk(submission, by.inFlightRows)) continue;
      const dispatch = await database.transaction((client) => claimChunk(client, submission.id, by));
      if (dispatch) await send(dispatch);
    }
  }

  async #send(dispatch: Dispatch, outbox: Outbox, database: Database): Promise<void> {
    if (this.flaws.sentFirst) await markSent(database, dispatch);
    await outbox.send(dispatch);
  }
}
