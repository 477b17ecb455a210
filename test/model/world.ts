import type { Lane, MessageName } from '@assay/contracts';
import { Group } from './group.js';
import { Fetcher } from './fetcher.js';
import { Ingest } from './ingest.js';
import { Joiner } from './joiner.js';
import { Member } from './member.js';
import { keepOldAnswers, Outside, PROVIDER_IDS } from './outside.js';
import { Person } from './person.js';
import { Postgres } from './database.js';
import type { Flaws } from './flaws.js';
import type { Process, Step } from './process.js';
import type { Readers } from './reconciler.js';
import { fetcherSql } from './sql/fetcher-sql.js';
import { dispatchSql } from './sql/ingest-sql.js';
import { joinerSql } from './sql/joiner-sql.js';
import { personSql } from './sql/person-sql.js';
import { storeSql } from './sql/store-sql.js';
import { Store } from './store.js';
import { Tables, type SubmissionRow } from './tables.js';
import { PARTITIONS, Topics } from './topics.js';
import { ASKS, lineOf, ROWS, type Truth } from './truth.js';
import { History } from './history.js';

const STATEMENTS = { ...dispatchSql, ...personSql, ...joinerSql, ...storeSql, ...fetcherSql };

export const BEGIN = 1_000_000_000;
export const SUBMISSIONS = ['01890000-0000-7000-8000-00000000000a', '01890000-0000-7000-8000-00000000000b'];

/** The whole system, small: two of each process, two partitions, one clock; and all that was ever written. */
export class World {
  now = BEGIN;
  readonly tables = new Tables();
  readonly topics = new Topics();
  readonly postgres: Postgres;
  readonly history: History;
  readonly groups: readonly Group[];
  readonly members: readonly Member[];
  readonly processes: readonly Process[];
  readonly person: Person;
  /** Messages that a group gave up on. */
  readonly dead: string[] = [];
  readonly #calls = new Map<string, number>();

  constructor(
    readonly truth: Truth,
    readonly flaws: Flaws,
    /** How long a parked ask waits. */
    readonly parkMs: number,
  ) {
    this.tables.lane = truth.lane;
    this.#accept();
    const { tables, topics } = this;
    const clock = () => this.now;
    this.history = new History(tables, clock);
    this.postgres = new Postgres(tables, clock, STATEMENTS, flaws.revisionUnguarded, () =>
      this.history.changed(),
    );
    this.topics.onAppend = (...record) => this.history.appended(...record);
    const group = (name: string, messages: MessageName[]) => new Group(name, messages, truth.lane);
    const joiners = group('joiner', ['url.submitted', 'metric.round1', 'metric.round2']);
    const stores = group('store', ['url.submitted', 'row.joined']);
    const fetchers = PROVIDER_IDS.map((id) => group(`fetcher.${id}`, ['url.submitted', 'round2.requested']));
    this.groups = [joiners, stores, ...fetchers];
    const around = { clock, early: flaws.produceUnawaited };
    const reader = (of: Group) => ({
      ...{ group: of, topics, lane: truth.lane as Lane, flaws },
      bury: (...letter: [string, MessageName, { offset: number }, string]) => {
        this.history.buried = true;
        this.dead.push(`${letter[0]} ${letter[1]} ${letter[2].offset} ${letter[3]}`);
      },
    });
    const { postgres } = this;
    const readers = this.#readers(joiners, stores);
    this.members = [
      ...[0, 1].map((i) => new Joiner(`joiner${i}`, postgres, reader(joiners), around)),
      ...[0, 1].map((i) => new Store(`store${i}`, postgres, reader(stores), around)),
      ...fetchers.flatMap((of, provider) =>
        [0, 1].map((i) => {
          const outside = (fetcher: Fetcher) =>
            new Outside(fetcher.wire, { ...this.#outside() }, this.#calls);
          const surroundings = { ...around, outside };
          const id = PROVIDER_IDS[provider]!;
          return new Fetcher(`${of.name}${i}`, postgres, reader(of), id, surroundings, flaws);
        }),
      ),
    ];
    for (const one of this.groups)
      one.rebalance(this.members.filter(({ of }) => of === one).map(({ name }) => name));
    this.person = new Person('person', postgres);
    this.processes = [
      ...this.members,
      ...[0, 1].map((i) => new Ingest(`ingest${i}`, postgres, topics, readers, around, flaws)),
      this.person,
    ];
  }

  /** Steps that bring something on; of one that sleeps only that it wakes. */
  progress(): Step[] {
    return this.processes.flatMap((process) => (process.asleep ? [process.wakes()] : process.progress()));
  }

  idle(): Step[] {
    return this.processes.flatMap((process) =>
      process.asleep || process === this.person ? [] : process.idle(),
    );
  }

  #outside() {
    const { truth, tables, flaws, parkMs } = this;
    return { truth, tables, flaws, parkMs, clock: () => this.now };
  }

  #readers(joiners: Group, stores: Group): Readers {
    const each = <T>(
      messages: readonly MessageName[],
      read: (message: MessageName, partition: number) => T,
    ) => messages.flatMap((message) => Array.from({ length: PARTITIONS }, (_, p) => read(message, p)));
    return {
      ends: (messages) => each(messages, (message, p) => this.topics.log(message, p).length),
      committed: (of, messages) =>
        each(messages, (message, p) => (of === 'joiner' ? joiners : stores).committed(message, p)),
    };
  }

  /** Two lists, uploaded whole: what was answered with 202. */
  #accept(): void {
    const lines = Array.from({ length: ROWS }, (_, row) => lineOf(row));
    const { first } = this.truth;
    for (const [i, own] of [lines.slice(0, first), lines.slice(first)].entries()) {
      if (own.length === 0) continue;
      const id = SUBMISSIONS[i]!;
      const row: SubmissionRow = {
        ...{ id, state: 'running', gen: 0, asks: ASKS, lines: own, dispatched: 0, cursorSeq: '-1' },
        ...{
          retryRows: 0,
          retryDispatched: 0,
          retrySeq: '-1',
          cancelledAt: undefined,
          completedAt: undefined,
        },
      };
      this.tables.submission.set(id, row);
    }
    const units = lines.flatMap(({ url }) => [url, `${url}c`, `${url}final`, `${url}final0`, `${url}final1`]);
    keepOldAnswers(this.tables, this.truth, units, BEGIN);
  }
}
