import { parseTopic, topicOf, type Lane, type MessageName } from '@assay/contracts';
import { GiveUp, type MessageContext } from '@assay/messaging';
import { decode } from '../../libs/messaging/src/decode.js';
import type { OffsetBook } from '../../libs/messaging/src/offset-book.js';
import { PartitionBooks } from '../../libs/messaging/src/partition-books.js';
import { MAX_TRIES } from '../../libs/messaging/src/retry-delay.js';
import type { Postgres } from './database.js';
import type { Group } from './group.js';
import { Process, type Step } from './process.js';
import type { LogRecord, Topics } from './topics.js';

/** What a reader does with a message; resolves when all its effects are done. */
export type Handle = (message: MessageName, value: never, context: MessageContext) => Promise<void>;

interface Work {
  readonly message: MessageName;
  readonly partition: number;
  readonly record: LogRecord;
  readonly book: OffsetBook;
  tries: number;
  /** Failed, and waits for its next try. */
  rests: boolean;
}

/** What can be wrong with a reader on purpose, which must be found. */
export interface ReaderFlaws {
  /** An offset counts as done when its message is read. */
  readonly offsetFirst: boolean;
}

/** Called when a group gives up on a message. */
export type Bury = (group: string, message: MessageName, record: LogRecord, code: string) => void;

export interface MemberSettings {
  readonly group: Group;
  readonly topics: Topics;
  readonly lane: Lane;
  readonly flaws: ReaderFlaws;
  readonly bury: Bury;
}

const AT_ONCE = 3;

/**
 * A process that reads as a member of a group: books, commits and tries are those of the product. It learns
 * of a new generation when it asks; until then it handles and reads on, only its commits are refused.
 */
export abstract class Member extends Process {
  books = new PartitionBooks();
  #generation = -1;
  #next = new Map<string, number>();
  #work = new Set<Work>();
  /** Nothing is fetched for a while; all else goes on. */
  lags = false;
  #buries: MessageName | undefined;
  #partitions: readonly number[] = [];
  protected handle: Handle = () => Promise.resolve();
  protected onAssigned: () => void = () => undefined;
  protected wants: (asks: readonly string[]) => boolean = () => true;

  constructor(
    name: string,
    postgres: Postgres,
    protected readonly reader: MemberSettings,
  ) {
    super(name, postgres);
  }

  /** A new process joins anew: its group has another generation for it. */
  protected forget(): void {
    this.books = new PartitionBooks();
    this.#next.clear();
    this.#work.clear();
    this.lags = false;
    this.#buries = undefined;
    this.#partitions = [];
    this.#generation = -1;
  }

  /** The next of these that it reads is one that it cannot handle. */
  buryNext(message: MessageName): void {
    this.#buries = message;
  }

  /** True while something is read and not handled. */
  get busy(): boolean {
    return this.#work.size > 0;
  }

  override progress(): Step[] {
    const steps = super.progress();
    if (!this.lags) this.#addReads(steps);
    else steps.push({ what: `${this.name} fetches again`, rare: true, run: () => (this.lags = false) });
    for (const work of this.#work)
      if (work.rests) steps.push({ what: `${this.name}: again`, run: () => this.#begin(work) });
    if (this.#generation !== this.reader.group.generation)
      steps.push({ what: `${this.name}: joins`, run: () => this.#join() });
    if (this.books.due().length > 0) steps.push({ what: `${this.name}: offsets`, run: () => this.#commit() });
    return steps;
  }

  get of(): Group {
    return this.reader.group;
  }

  /** True where it holds a partition as far as the group is concerned. */
  get owns(): boolean {
    return this.of.partitionsOf(this.name).length > 0;
  }

  protected book(message: MessageName, partition: number): OffsetBook | undefined {
    return this.books.get(topicOf(message, this.reader.lane), partition);
  }

  #join(): void {
    const { group } = this.reader;
    const unbroken = this.#generation + 1 === group.generation && this.#generation >= 0;
    this.#generation = group.generation;
    for (const { topic, partition } of this.books.assign(group.assignmentOf(this.name), unbroken)) {
      const { message } = parseTopic(topic)!;
      const start = group.committed(message, partition);
      this.books.get(topic, partition)!.startAt(start);
      this.#next.set(`${message} ${partition}`, start);
    }
    this.#partitions = this.books.partitions();
    for (const work of this.#work) if (work.rests && !this.#holds(work)) this.#work.delete(work);
    this.onAssigned();
  }

  #holds({ message, partition, book }: Work): boolean {
    return this.books.holds(topicOf(message, this.reader.lane), partition, book);
  }

  #addReads(steps: Step[]): void {
    const { group, topics } = this.reader;
    for (const partition of this.#partitions)
      for (const message of group.messages) {
        const next = this.#next.get(`${message} ${partition}`)!;
        if (topics.log(message, partition).length > next)
          steps.push({
            what: `${this.name}: reads ${message}/${partition}`,
            run: () => this.#read(message, partition, next),
          });
      }
  }

  #read(message: MessageName, partition: number, next: number): void {
    const records = this.reader.topics.log(message, partition).slice(next, next + AT_ONCE);
    this.#next.set(`${message} ${partition}`, next + records.length);
    const book = this.book(message, partition)!;
    for (const record of records) {
      if (record.asks && !this.wants(record.asks)) book.skip(record.offset);
      else if (book.begin(record.offset)) {
        this.#take({ message, partition, record, book, tries: 0, rests: false });
      }
    }
  }

  #take(work: Work): void {
    if (this.reader.flaws.offsetFirst) work.book.end(work.record.offset);
    this.#work.add(work);
    if (this.#buries !== work.message) return this.#begin(work);
    this.#buries = undefined;
    this.#refused(work, new GiveUp('contract', 'of another kind'));
  }

  /** As the message worker of the product does. */
  #begin(work: Work): void {
    work.rests = false;
    work.tries++;
    const { wire } = this;
    this.#handle(work).then(
      () => {
        if (this.wire === wire) this.#end(work);
      },
      (error: unknown) => {
        if (this.wire === wire) this.#refused(work, error);
      },
    );
  }

  async #handle({ message, partition, record, book }: Work): Promise<void> {
    const decoded = decode(message, Buffer.from(record.value));
    if (!('value' in decoded)) throw new GiveUp(decoded.code, decoded.reason);
    const { group, lane } = this.reader;
    await this.handle(message, decoded.value as never, {
      ...{ group: group.name, message, lane, partition },
      ...{ offset: String(record.offset), timestamp: record.timestamp },
      held: () => this.books.holds(topicOf(message, lane), partition, book),
    });
  }

  #end(work: Work): void {
    work.book.end(work.record.offset);
    this.#work.delete(work);
  }

  #refused(work: Work, error: unknown): void {
    if (error instanceof GiveUp) {
      this.reader.bury(this.reader.group.name, work.message, work.record, error.code);
      return this.#end(work);
    }
    if (!this.#holds(work)) return void this.#work.delete(work);
    if (work.tries >= MAX_TRIES) return this.kill();
    work.rests = true;
  }

  #commit(): void {
    const { group } = this.reader;
    for (const { topic, partition, offset, book } of this.books.due())
      if (group.commit(this.#generation, parseTopic(topic)!.message, partition, offset))
        book.committed(offset);
  }
}
