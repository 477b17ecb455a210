import { randomUUID } from 'node:crypto';
import { deadTopicOf, MESSAGES, type MessageName } from '@assay/contracts';
import type { Admin, Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { CONSUMER_RETRY, createClient } from './client.js';
import { readLetter, type DeadLetterFound } from './letter.js';

export interface LetterSettings {
  /** Host and port of one or more brokers, comma-separated. */
  readonly brokers: string;
  /** Default: of all messages. */
  readonly messages?: readonly MessageName[];
  /** Ends the reading early, as if Kafka had fallen silent. */
  readonly signal?: AbortSignal;
}

/** Kafka answers, but nobody has made Assay's topics there. */
export class NoDeadTopics extends Error {
  constructor(brokers: string) {
    super(`Kafka at ${brokers} has no topics of Assay`);
    this.name = 'NoDeadTopics';
  }
}

/** Kafka stopped answering while letters were read. */
export class LettersStalled extends Error {
  constructor() {
    super(`no dead letter came for ${STALLED_MS / 1_000} s: Kafka does not answer`);
    this.name = 'LettersStalled';
  }
}

const STALLED_MS = 20_000;
const LOOK_MS = 1_000;
/** A batch stays small enough to be held whole; one letter may have 2 MB. */
const MAX_BYTES_PER_PARTITION = 1024 * 1024;
/** How far a partition is read, and to where: what is written later is left for another time. */
interface Stretch {
  next: number;
  readonly end: number;
}
/** Those not read to their end yet, by place. */
type Ends = Map<string, Stretch>;

/**
 * Reads every dead letter there is now, in order within each partition, and hands them over in batches;
 * the next comes when `each` has resolved, none twice. The reader is in a group of its own that is gone afterwards.
 * @throws NoDeadTopics, LettersStalled, what `each` throws, kafkajs's error after some 16 s without a broker
 */
export async function readDeadLetters(
  settings: LetterSettings,
  each: (letters: readonly DeadLetterFound[]) => Promise<void> | void,
): Promise<void> {
  const kafka = createClient({ brokers: settings.brokers, clientId: 'assay-dead' });
  const admin = kafka.admin();
  await admin.connect();
  try {
    const ends = await endsOf(admin, settings);
    if (ends.size > 0) await readTo(kafka, admin, ends, each, settings.signal);
  } finally {
    await admin.disconnect();
  }
}

async function endsOf(admin: Admin, { brokers, messages = MESSAGES }: LetterSettings): Promise<Ends> {
  const existing = new Set(await admin.listTopics());
  const topics = messages.map(deadTopicOf).filter((topic) => existing.has(topic));
  if (topics.length === 0) throw new NoDeadTopics(brokers);
  const ends: Ends = new Map();
  for (const topic of topics)
    for (const { partition, low, high } of await admin.fetchTopicOffsets(topic))
      if (Number(high) > Number(low))
        ends.set(placeOf(topic, partition), { next: Number(low), end: Number(high) });
  return ends;
}

async function readTo(
  kafka: Kafka,
  admin: Admin,
  ends: Ends,
  each: (letters: readonly DeadLetterFound[]) => Promise<void> | void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const groupId = `assay-dead-${randomUUID()}`;
  const consumer = kafka.consumer({
    groupId,
    maxBytesPerPartition: MAX_BYTES_PER_PARTITION,
    maxWaitTimeInMs: 100,
    allowAutoTopicCreation: false,
    // A group that is just made is refused at first: it starts over, until the watch below ends it.
    retry: CONSUMER_RETRY,
  });
  try {
    await consumer.connect();
    const topics = [...new Set([...ends.keys()].map((place) => place.slice(0, place.lastIndexOf('/'))))];
    await consumer.subscribe({ topics, fromBeginning: true });
    await runTo(consumer, ends, each, signal);
  } finally {
    await consumer.disconnect().catch(() => undefined);
    // It has committed nothing: the broker would forget it by itself, later.
    await admin.deleteGroups([groupId]).catch(() => undefined);
  }
}

function runTo(
  consumer: Consumer,
  ends: Ends,
  each: (letters: readonly DeadLetterFound[]) => Promise<void> | void,
  signal: AbortSignal | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let heardAt = performance.now();
    let over = false;
    const watch = setInterval(() => {
      if (signal?.aborted || performance.now() - heardAt > STALLED_MS) end(new LettersStalled());
    }, LOOK_MS);
    const end = (error?: unknown) => {
      over = true;
      clearInterval(watch);
      if (error === undefined) resolve();
      else reject(error);
    };
    consumer.on('consumer.crash', ({ payload }) => {
      if (!payload.restart) end(payload.error);
    });
    const eachBatch = async ({ batch, heartbeat }: EachBatchPayload): Promise<void> => {
      if (over) return;
      // What takes long here is not Kafka's silence.
      heardAt = Number.POSITIVE_INFINITY;
      try {
        await takeBatch(batch, ends, each);
      } catch (error) {
        // Told here, not thrown: kafkajs would try the batch again.
        return end(error);
      }
      heardAt = performance.now();
      if (ends.size === 0) return end();
      await heartbeat();
    };
    consumer.run({ autoCommit: false, eachBatch }).catch(end);
  });
}

async function takeBatch(
  batch: EachBatchPayload['batch'],
  ends: Ends,
  each: (letters: readonly DeadLetterFound[]) => Promise<void> | void,
): Promise<void> {
  const { topic, partition } = batch;
  const place = placeOf(topic, partition);
  const stretch = ends.get(place);
  if (!stretch) return;
  const { next, end } = stretch;
  const letters = batch.messages
    .filter(({ offset }) => Number(offset) >= next && Number(offset) < end)
    .flatMap((message) => readLetter({ ...message, topic, partition }) ?? []);
  if (letters.length > 0) await each(letters);
  stretch.next = Math.max(next, Number(batch.lastOffset()) + 1);
  if (stretch.next >= end) ends.delete(place);
}

const placeOf = (topic: string, partition: number) => `${topic}/${partition}`;
