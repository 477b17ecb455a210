import { randomUUID } from 'node:crypto';
import { allDeadTopics } from '@assay/contracts';
import type { Admin, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import { askUntil } from './ask-until.js';
import { createClient, type ClientSettings } from './client.js';
import { DEAD_HEADERS } from './dead-letter.js';

/** A dead letter where it lies. */
export interface FoundLetter {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  /** When it was written, in milliseconds since 1970. */
  readonly at: number;
  readonly code: string;
  readonly reason: string;
  /** The group that gave up. */
  readonly group: string;
  readonly value: Buffer | null;
}

export interface ScanSettings extends ClientSettings {
  /** Longest time for all of them. */
  readonly withinMs: number;
  /** Ends it earlier. */
  readonly signal?: AbortSignal;
}

/** The dead letters could not be read to their end in the time given. */
export class ScanCut extends Error {
  constructor(withinMs: number) {
    super(`the dead letters were not read to their end (at most ${withinMs / 1_000} s)`);
    this.name = 'ScanCut';
  }
}

/**
 * Shows `each` every dead letter that lies there now, in the order of each partition. Leaves no group behind.
 * @throws ScanCut
 */
export async function scanDeadLetters(
  settings: ScanSettings,
  each: (letter: FoundLetter) => void,
): Promise<void> {
  const kafka = createClient(settings);
  const admin = kafka.admin();
  await admin.connect();
  try {
    const open = await openPartitions(admin);
    if (open.size > 0) await readAll(kafka, admin, open, settings, each);
  } finally {
    await admin.disconnect();
  }
}

/** Last offset by place, of partitions that hold anything. */
async function openPartitions(admin: Admin): Promise<Map<string, bigint>> {
  const open = new Map<string, bigint>();
  for (const topic of allDeadTopics())
    for (const { partition, low, high } of await askUntil(() => admin.fetchTopicOffsets(topic)))
      if (BigInt(high) > BigInt(low)) open.set(placeOf(topic, partition), BigInt(high) - 1n);
  return open;
}

async function readAll(
  kafka: Kafka,
  admin: Admin,
  open: Map<string, bigint>,
  { withinMs, signal }: ScanSettings,
  each: (letter: FoundLetter) => void,
): Promise<void> {
  const groupId = `dead-letter-scan-${randomUUID()}`;
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 200, allowAutoTopicCreation: false });
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: allDeadTopics(), fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      const cut = AbortSignal.any([AbortSignal.timeout(withinMs), ...(signal ? [signal] : [])]);
      if (cut.aborted) reject(new ScanCut(withinMs));
      cut.addEventListener('abort', () => reject(new ScanCut(withinMs)));
      consumer.on('consumer.crash', ({ payload }) => reject(payload.error));
      const eachBatch = async (payload: EachBatchPayload) => {
        if (take(payload, open, each)) resolve();
      };
      consumer.run({ autoCommit: false, eachBatch }).catch(reject);
    });
  } finally {
    await consumer.disconnect();
    await admin.deleteGroups([groupId]).catch(() => undefined);
  }
}

/** True when nothing is left to read. */
function take(
  { batch }: EachBatchPayload,
  open: Map<string, bigint>,
  each: (letter: FoundLetter) => void,
): boolean {
  const { topic, partition } = batch;
  const last = open.get(placeOf(topic, partition));
  if (last === undefined) return false;
  for (const message of batch.messages)
    if (BigInt(message.offset) <= last) each(found(topic, partition, message));
  if (BigInt(batch.lastOffset()) >= last) open.delete(placeOf(topic, partition));
  return open.size === 0;
}

function found(
  topic: string,
  partition: number,
  { offset, timestamp, value, headers }: KafkaMessage,
): FoundLetter {
  const header = (name: string) => String(headers?.[name] ?? '');
  return {
    ...{ topic, partition, offset, at: Number(timestamp), value },
    code: header(DEAD_HEADERS.code),
    reason: header(DEAD_HEADERS.reason),
    group: header(DEAD_HEADERS.group),
  };
}

const placeOf = (topic: string, partition: number) => `${topic}/${partition}`;
