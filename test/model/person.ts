import { ControlSubmission } from '../../apps/ingest/src/control-submission.js';
import type { Dispatcher } from '../../apps/ingest/src/dispatch/dispatcher.js';
import type { Move } from '../../apps/ingest/src/next-state.js';
import { RetrySubmission } from '../../apps/ingest/src/retry/retry-submission.js';
import { catalogue } from '../../apps/joiner/src/join-row.fixture.js';
import type { OpenDatabase } from '@assay/database';
import type { Postgres } from './database.js';
import { Process } from './process.js';
import { quiet } from './quiet.js';

/** Somebody at the API of the product: retries, cancels, pauses, resumes. Refusals are as good as anything. */
export class Person extends Process {
  #retries!: RetrySubmission;
  #control!: ControlSubmission;
  #wish: () => Promise<unknown> = () => Promise.resolve();

  constructor(name: string, postgres: Postgres) {
    super(name, postgres);
    this.start();
  }

  protected override begin(): void {
    const database = this.postgres.connect(this.wire, 'ingest');
    const dispatcher = { wake: () => undefined } as unknown as Dispatcher;
    const { tables } = this.postgres;
    const found = ({ id }: { id: string }) => {
      const { lines, ...row } = tables.submission.get(id)!;
      return {
        ...row,
        lane: tables.lane,
        lines: lines.length,
        accepted: lines.length,
        duplicate: 0,
        rejected: 0,
      };
    };
    const repository = () => ({
      findOneBy: (by: { id: string }) => this.wire.do('find submission', () => found(by)),
    });
    const open = { ...database, repository } as unknown as OpenDatabase;
    this.#control = new ControlSubmission(open, dispatcher);
    this.#retries = new RetrySubmission({ asks: catalogue.asks, providers: [] }, database, dispatcher, quiet);
    this.chores = { acts: () => this.#wish() };
  }

  /** What is done at the next step. */
  retry(submission: string, filter: object): void {
    this.#wish = () => this.#retries.retry(submission, JSON.stringify(filter));
  }

  move(submission: string, move: Move): void {
    this.#wish = () => this.#control.move(submission, move);
  }
}
