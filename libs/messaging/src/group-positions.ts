import { topicOf, type Lane, type MessageName } from '@assay/contracts';
import type { Admin } from 'kafkajs';
import { askUntil } from './ask-until.js';
import { createClient, type ClientSettings } from './client.js';
import { countBehind, type Bounds, type TopicEnds } from './count-behind.js';

/** How far groups have come that this process is no member of: asked of the broker, never waited for. */
export interface GroupPositions {
  /** Where each partition of these messages ends now: the offset that its next message gets. */
  ends(messages: readonly MessageName[], lane: Lane): Promise<TopicEnds>;
  /** Partitions on which the group has not committed up to these ends. 0: all of that is handled. */
  behind(group: string, ends: TopicEnds): Promise<number>;
  close(): Promise<void>;
}

/** Connects when it is first asked. Each question rejects with the broker's answer after about 10 s of trying. */
export function createGroupPositions(settings: ClientSettings): GroupPositions {
  return new BrokerPositions(createClient(settings).admin());
}

class BrokerPositions implements GroupPositions {
  #connected: Promise<void> | undefined;

  constructor(private readonly admin: Admin) {}

  async ends(messages: readonly MessageName[], lane: Lane): Promise<TopicEnds> {
    const ends = new Map<string, ReadonlyMap<number, bigint>>();
    for (const message of messages) {
      const bounds = await this.#bounds(topicOf(message, lane));
      ends.set(
        topicOf(message, lane),
        new Map([...bounds].map(([partition, { high }]) => [partition, high])),
      );
    }
    return ends;
  }

  async behind(group: string, ends: TopicEnds): Promise<number> {
    await this.#connect();
    const found = await askUntil(() => this.admin.fetchOffsets({ groupId: group, topics: [...ends.keys()] }));
    let behind = 0;
    for (const [topic, sampled] of ends) {
      const partitions = found.find((one) => one.topic === topic)?.partitions ?? [];
      const committed = new Map(partitions.map(({ partition, offset }) => [partition, BigInt(offset)]));
      behind += countBehind(sampled, committed, await this.#bounds(topic));
    }
    return behind;
  }

  async close(): Promise<void> {
    if (this.#connected) await this.admin.disconnect();
  }

  async #bounds(topic: string): Promise<ReadonlyMap<number, Bounds>> {
    await this.#connect();
    const offsets = await askUntil(() => this.admin.fetchTopicOffsets(topic));
    return new Map(
      offsets.map(({ partition, low, high }) => [partition, { low: BigInt(low), high: BigInt(high) }]),
    );
  }

  #connect(): Promise<void> {
    this.#connected ??= this.admin.connect().catch((error: unknown) => {
      this.#connected = undefined;
      throw error;
    });
    return this.#connected;
  }
}
