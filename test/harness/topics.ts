import { randomUUID } from 'node:crypto';
import { Kafka, logLevel, type Admin, type IHeaders } from 'kafkajs';

/** A message as it lies in its topic. */
export interface KeptMessage {
  readonly topic: string;
  readonly partition: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: IHeaders;
}

/** The topics of a system under test, read and written beside its services, with no code of theirs. */
export class Topics {
  readonly #kafka: Kafka;
  #admin: Promise<Admin> | undefined;

  constructor(brokers: string) {
    this.#kafka = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING });
  }

  /** All that lies in these topics now. */
  async read(topics: readonly string[]): Promise<KeptMessage[]> {
    const ends = await this.#ends(topics);
    const missing = [...ends.values()].reduce((sum, end) => sum + end, 0);
    const kept: KeptMessage[] = [];
    if (missing === 0) return kept;
    const consumer = this.#kafka.consumer({ groupId: `reader-${randomUUID()}` });
    await consumer.connect();
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer.on('consumer.crash', ({ payload }) => reject(payload.error));
      consumer
        .run({
          autoCommit: false,
          eachMessage: async ({ topic, partition, message }) => {
            if (Number(message.offset) >= ends.get(placeOf(topic, partition))!) return;
            const { key, value, headers = {} } = message;
            if (kept.push({ topic, partition, key, value, headers }) === missing) resolve();
          },
        })
        .catch(reject);
    });
    await consumer.disconnect();
    return kept;
  }

  /** Each to the partition it lay on, in the order given. Resolves when the broker has all of them. */
  async send(messages: readonly KeptMessage[]): Promise<void> {
    const producer = this.#kafka.producer();
    await producer.connect();
    const names = [...new Set(messages.map(({ topic }) => topic))];
    await producer.sendBatch({
      topicMessages: names.map((topic) => ({
        topic,
        messages: messages
          .filter((one) => one.topic === topic)
          .map(({ partition, key, value, headers }) => ({ partition, key, value, headers })),
      })),
    });
    await producer.disconnect();
  }

  /** Messages of these topics that a group has not committed, over all groups that read them or over one. */
  async lag(topics: readonly string[], group?: string): Promise<number> {
    const ends = await this.#ends(topics);
    return this.#withAdmin(async (admin) => {
      const ids = group === undefined ? await this.#groups(admin) : [group];
      let lag = 0;
      for (const groupId of ids) {
        for (const { topic, partitions } of await admin.fetchOffsets({ groupId, topics: [...topics] })) {
          // A group that reads a topic has committed on some of its partitions.
          if (partitions.every(({ offset }) => Number(offset) < 0)) continue;
          for (const { partition, offset } of partitions)
            lag += ends.get(placeOf(topic, partition))! - Math.max(0, Number(offset));
        }
      }
      return lag;
    });
  }

  /** Committed offsets above 0, by group, topic and partition: how far every group has read. */
  async positions(topics: readonly string[]): Promise<Map<string, number>> {
    return this.#withAdmin(async (admin) => {
      const positions = new Map<string, number>();
      for (const groupId of await this.#groups(admin))
        for (const { topic, partitions } of await admin.fetchOffsets({ groupId, topics: [...topics] }))
          for (const { partition, offset } of partitions)
            if (Number(offset) > 0) positions.set(`${groupId} ${placeOf(topic, partition)}`, Number(offset));
      return positions;
    });
  }

  /** All groups forget what they have read; none may have a member. They begin at offset 0 then. */
  async forgetGroups(): Promise<void> {
    await this.#withAdmin(async (admin) => {
      await admin.deleteGroups(await this.#groups(admin));
    });
  }

  async #groups(admin: Admin): Promise<string[]> {
    const { groups } = await admin.listGroups();
    return groups.map(({ groupId }) => groupId).filter((id) => !/^(reader|assay-dead)-/.test(id));
  }

  /** Number of messages ever, by topic and partition: nothing is deleted within a test. */
  #ends(topics: readonly string[]): Promise<Map<string, number>> {
    return this.#withAdmin(async (admin) => {
      const ends = new Map<string, number>();
      for (const topic of topics)
        for (const { partition, high } of await admin.fetchTopicOffsets(topic))
          ends.set(placeOf(topic, partition), Number(high));
      return ends;
    });
  }

  /** One connection for all looks, open until `close`. */
  async #withAdmin<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    this.#admin ??= this.#connect();
    return work(await this.#admin);
  }

  async #connect(): Promise<Admin> {
    const admin = this.#kafka.admin();
    await admin.connect();
    return admin;
  }

  async close(): Promise<void> {
    await (await this.#admin)?.disconnect();
  }
}

const placeOf = (topic: string, partition: number) => `${topic}/${partition}`;
