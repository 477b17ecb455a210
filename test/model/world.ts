import type { Lane, MessageName } from '@assay/contracts';
import { Group } from './group.js';
import { Fetcher } from './fetcher.js';
import { Ingest } from './ingest.js';
import { Joiner, type Surroundings } from './joiner.js';
import type { Member, MemberSettings } from './member.js';
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

const FETCHER = 'fetcher.';

/** The joiner first, then the store. */
function groupsOf(lane: Lane): Group[] {
  const group = (name: string, messages: MessageName[]) => new Group(name, messages, lane);
  return [
    group('joiner', ['url.submitted', 'metric.round1', 'metric.round2']),
    group('store', ['url.submitted', 'row.joined']),
    ...PROVIDER_IDS.map((id) => group(`${FETCHER}${id}`, ['url.submitted', 'round2.requested'])),
  ];
}

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
    /** False: nobody takes up again what is not final in time. */
    readonly reconciles = true,
    /** Nobody asks any provider: rows end by the sweep alone. */
    silent = false,
  ) {
    this.tables.lane = truth.lane;
    this.#accept();
    const { tables } = this;
    const clock = () => this.now;
    this.history = new History(tables, clock);
    this.postgres = new Postgres(tables, clock, STATEMENTS, flaws.revisionUnguarded, () =>
      this.history.changed(),
    );
    this.topics.onAppend = (...record) => this.history.appended(...record);
    this.groups = groupsOf(truth.lane).slice(0, silent ? 2 : undefined);
    this.members = this.#members();
    for (const one of this.groups)
      one.rebalance(this.members.filter(({ of }) => of === one).map(({ name }) => name));
    const { postgres, topics } = this;
    this.person = new Person('person', postgres);
    const ingest = (i: number) =>
      new Ingest(`ingest${i}`, postgres, topics, this.#readers(), this.#around(), flaws);
    this.processes = [...this.members, ingest(0), ingest(1), this.person];
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

  /** Two of each group. */
  #members(): Member[] {
    const { postgres, flaws } = this;
    const around = this.#around();
    const make = (group: Group, i: number): Member => {
      const name = `${group.name}${i}`;
      const reader = this.#reader(group);
      if (group.name === 'joiner') return new Joiner(name, postgres, reader, around);
      if (group.name === 'store') return new Store(name, postgres, reader, around);
      const outside = (fetcher: Fetcher) => new Outside(fetcher.wire, this.#outside(), this.#calls);
      const provider = group.name.slice(FETCHER.length);
      return new Fetcher(name, postgres, reader, provider, { ...around, outside }, flaws);
    };
    return this.groups.flatMap((group) => [make(group, 0), make(group, 1)]);
  }

  #around(): Surroundings {
    const { flaws, reconciles } = this;
    return { clock: () => this.now, early: flaws.produceUnawaited, reconciles };
  }

  #reader(group: Group): MemberSettings {
    const { topics, truth, flaws } = this;
    return {
      ...{ group, topics, lane: truth.lane, flaws },
      bury: (name, message, { offset }, code) => {
        this.history.buried = true;
        this.dead.push(`${name} ${message} ${offset} ${code}`);
      },
    };
  }

  #outside() {
    const { truth, tables, flaws, parkMs } = this;
    return { truth, tables, flaws, parkMs, clock: () => this.now };
  }

  #readers(): Readers {
    const [joiners, stores] = this.groups as [Group, Group];
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
