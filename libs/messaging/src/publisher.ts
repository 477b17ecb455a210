import { ASKS_HEADER, CATALOGUE, LANES, MAX_MESSAGE_BYTES, parseTopic, topicOf } from '@assay/contracts';
import type { Lane, MessageName, MessageOf } from '@assay/contracts';
import { queueGauges, type Logger, type PartWatch } from '@assay/telemetry';
import type { Producer } from 'kafkajs';
import type { DeadLetter } from './dead-letter.js';
import { createClient } from './client.js';
import { ContractBroken, MessageTooLarge } from './refusals.js';
import { SendQueue, type OutRecord } from './send-queue.js';
import { checkTopics } from './topics.js';

export interface Publisher {
  /** Partition count of all topics. */
  readonly partitions: number;
  /** How long the broker keeps messages and offsets, in ms; Infinity where for ever. As it was at the start. */
  readonly keptMs: number;
  /**
   * Resolves when all in-sync replicas have the message (acks -1). A failed request is repeated as it
   * was for about 16 s: a reader may see a message twice.
   * @throws ContractBroken, MessageTooLarge (a RangeError) before anything is sent
   */
  publish<M extends MessageName>(
    message: M,
    lane: Lane,
    partition: number,
    value: MessageOf<M>,
    asks?: readonly string[],
  ): Promise<void>;
  /** Takes nothing more, sends what was accepted, closes the connections. */
  close(): Promise<void>;
}

export interface PublisherSettings {
  /** Host and port of one or more brokers, comma-separated. */
  readonly brokers: string;
  readonly clientId: string;
  readonly logger: Logger;
  /** Is told of requests that fail, and of the first that goes through again. */
  readonly part?: PartWatch;
  /** Longest deadline and grace of a row, in ms: messages must be kept as long. Default 25 h. */
  readonly longestRowMs?: number;
}

/** A broker refuses a batch of more than 1 MB for one partition; a request may hold only one partition. */
const MAX_REQUEST_BYTES = 900 * 1024;
const MAX_REQUEST_RECORDS = 1_000;
const MAX_QUEUED_BYTES = 16 * 1024 * 1024;
/** The last one that found room may be as large as a message gets. */
const MOST_WAITING_BYTES = MAX_QUEUED_BYTES + 2 * MAX_MESSAGE_BYTES;
/** Until the next request has failed or gone through. */
const REFUSAL_LASTS_MS = 20_000;
/** Offset, timestamp and length fields of a record, at most. */
const RECORD_OVERHEAD_BYTES = 64;

/**
 * Connects and refuses to start where topics are missing or differ in partition count.
 * Not idempotent in Kafka's sense: after a failed request kafkajs would reuse its sequence numbers
 * for other records, and the broker would take those for duplicates. Readers cope with duplicates.
 */
export async function createPublisher(settings: PublisherSettings): Promise<Publisher> {
  const { partitions, keptMs } = await checkTopics(settings);
  const producer = createClient(settings).producer({
    allowAutoTopicCreation: false,
    idempotent: false,
    createPartitioner:
      () =>
      ({ message }) =>
        message.partition!,
  });
  await producer.connect();
  return new KafkaPublisher(partitions, keptMs, producer, settings.part);
}

class KafkaPublisher implements Publisher {
  readonly #queue: SendQueue;
  readonly #gauges: (() => void)[];
  #closing: Promise<void> | undefined;

  constructor(
    readonly partitions: number,
    readonly keptMs: number,
    private readonly producer: Producer,
    private readonly part: PartWatch | undefined,
  ) {
    this.#queue = new SendQueue({
      send: (records) => this.#send(records),
      maxRequestBytes: MAX_REQUEST_BYTES,
      maxRequestRecords: MAX_REQUEST_RECORDS,
      concurrency: 2,
      maxQueuedBytes: MAX_QUEUED_BYTES,
    });
    this.#gauges = LANES.map((lane) =>
      queueGauges.add('publisher.waiting_bytes', MOST_WAITING_BYTES, () => this.#queue.bytes(lane), lane),
    );
  }

  async publish<M extends MessageName>(
    message: M,
    lane: Lane,
    partition: number,
    value: MessageOf<M>,
    asks?: readonly string[],
  ): Promise<void> {
    this.#checkPlace(message, partition);
    const contract = CATALOGUE[message];
    if (!contract.check(value)) throw new ContractBroken(message, contract.faults(value));
    await this.#room(lane);
    await this.#queue.add(encode(message, lane, partition, value, asks));
  }

  /** A record that is no message of the catalogue: a dead letter, byte for byte. */
  async publishRecord(record: DeadLetter): Promise<void> {
    this.#checkPlace(record.topic, record.partition);
    await this.#room(parseTopic(record.topic)?.lane);
    await this.#queue.add({ ...record, bytes: sizeOf(record.value, record.headers) });
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#queue.idle().then(() => {
      for (const end of this.#gauges) end();
      return this.producer.disconnect();
    }));
  }

  /** Resolves when the lane has room: whoever comes then waits with his message not yet encoded. */
  async #room(lane?: Lane): Promise<void> {
    for (let room = this.#queue.room(lane); room; room = this.#queue.room(lane)) await room;
  }

  #checkPlace(name: string, partition: number): void {
    if (this.#closing) throw new Error(`${name} came after the publisher was closed`);
    if (!Number.isInteger(partition) || partition < 0 || partition >= this.partitions)
      throw new RangeError(`${name} has no partition ${partition}: there are ${this.partitions}`);
  }

  async #send(records: readonly OutRecord[]): Promise<void> {
    const byTopic = new Map<string, OutRecord[]>();
    for (const record of records) {
      const same = byTopic.get(record.topic);
      if (same) same.push(record);
      else byTopic.set(record.topic, [record]);
    }
    const topicMessages = [...byTopic].map(([topic, messages]) => ({ topic, messages: messages as never }));
    try {
      await this.producer.sendBatch({ acks: -1, timeout: 30_000, topicMessages });
      this.part?.worked();
    } catch (error) {
      this.part?.refused(error, REFUSAL_LASTS_MS);
      throw error;
    }
  }
}

function encode<M extends MessageName>(
  message: M,
  lane: Lane,
  partition: number,
  content: MessageOf<M>,
  asks: readonly string[] | undefined,
): OutRecord {
  const value = Buffer.from(JSON.stringify(content));
  if (value.length > MAX_MESSAGE_BYTES) throw new MessageTooLarge(message, value.length);
  const v = String(CATALOGUE[message].version);
  const headers: Record<string, string> = asks ? { v, [ASKS_HEADER]: asks.join(',') } : { v };
  return { topic: topicOf(message, lane), partition, value, headers, bytes: sizeOf(value, headers) };
}

function sizeOf(value: Buffer | null, headers: OutRecord['headers']): number {
  let bytes = RECORD_OVERHEAD_BYTES + (value?.length ?? 0);
  for (const name in headers) bytes += 10 + Buffer.byteLength(name) + lengthOf(headers[name]!);
  return bytes;
}

function lengthOf(value: OutRecord['headers'][string]): number {
  if (!Array.isArray(value)) return Buffer.byteLength(value);
  return value.reduce((sum, one) => sum + 10 + Buffer.byteLength(one), 0);
}

/** Writes a record as it is, acknowledged. The publisher must be one that `createPublisher` made. */
export function publishRecord(publisher: Publisher, record: DeadLetter): Promise<void> {
  if (publisher instanceof KafkaPublisher) return publisher.publishRecord(record);
  throw new TypeError('dead letters need a publisher made by createPublisher');
}
