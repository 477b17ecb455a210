import { topicOf, type Lane, type MessageName } from '@assay/contracts';
import { PARTITIONS } from './topics.js';

/** A consumer group as its coordinator knows it: whose partitions these are, and how far each topic is done. */
export class Group {
  generation = 0;
  readonly #owners = new Map<number, string>();
  readonly #committed = new Map<string, number>();

  constructor(
    readonly name: string,
    readonly messages: readonly MessageName[],
    private readonly lane: Lane,
  ) {}

  /** A new generation. Members learn of it when they ask; until then they go on as before. */
  rebalance(owners: readonly string[]): void {
    this.generation++;
    for (let partition = 0; partition < PARTITIONS; partition++)
      this.#owners.set(partition, owners[partition % owners.length]!);
  }

  partitionsOf(member: string): number[] {
    return [...this.#owners].filter(([, owner]) => owner === member).map(([partition]) => partition);
  }

  get owners(): string[] {
    return [...new Set(this.#owners.values())];
  }

  assignmentOf(member: string): Record<string, number[]> {
    const partitions = this.partitionsOf(member);
    return Object.fromEntries(this.messages.map((message) => [topicOf(message, this.lane), partitions]));
  }

  committed(message: MessageName, partition: number): number {
    return this.#committed.get(`${message} ${partition}`) ?? 0;
  }

  /** Refused from a member of an older generation. */
  commit(generation: number, message: MessageName, partition: number, offset: number): boolean {
    if (generation !== this.generation) return false;
    this.#committed.set(`${message} ${partition}`, offset);
    return true;
  }
}
