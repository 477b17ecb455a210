import { catalogue } from '../../apps/joiner/src/join-row.fixture.js';
import { RowLanes } from '../../apps/joiner/src/row-lanes.js';
import { Sweep } from '../../apps/joiner/src/sweep.js';
import { Member, type MemberSettings } from './member.js';
import type { Postgres } from './database.js';
import { publisherOf } from './topics.js';
import { quiet } from './quiet.js';

export interface Surroundings {
  clock(): number;
  /** Publishers say too early that the broker has it. */
  readonly early: boolean;
  readonly reconciles: boolean;
}

/** The joiner of the product, with its group flush, its cache and its sweep. */
export class Joiner extends Member {
  constructor(
    name: string,
    postgres: Postgres,
    reader: MemberSettings,
    private readonly around: Surroundings,
  ) {
    super(name, postgres, reader);
    this.start();
  }

  protected override begin(): void {
    this.forget();
    const { topics, lane } = this.reader;
    const { clock, early } = this.around;
    const database = this.postgres.connect(this.wire);
    const publisher = publisherOf(this.wire, topics, clock, early);
    const rows = new RowLanes({ database, publisher, catalogue, bulkFlushMs: 0, clock });
    this.onAssigned = () => rows.forget();
    this.handle = (message, value, context) =>
      message === 'url.submitted' ? rows.submitted(value, context) : rows.cells(value, context);
    const sweep = new Sweep({
      database,
      logger: quiet,
      everyMs: 0,
      work: (on, work) => rows.add(on, work),
      positions: this.#positions(),
    });
    this.chores = { sweep: () => sweep.sweep(lane) };
  }

  #positions(): ConstructorParameters<typeof Sweep>[0]['positions'] {
    const { wire } = this;
    const { topics } = this.reader;
    return {
      assigned: () => this.books.partitions(),
      processed: (message, _lane, partition) => {
        const offset = this.book(message, partition)?.processed;
        return offset === undefined ? undefined : BigInt(offset);
      },
      endOffsets: (message) =>
        wire.do(
          `ends of ${message}`,
          () => new Map(this.books.partitions().map((p) => [p, BigInt(topics.log(message, p).length)])),
        ),
    };
  }
}
