import { randomUUID } from 'node:crypto';
import type { Admin, KafkaMessage } from 'kafkajs';
import type { Sources } from './sources.js';
import { TopicContents } from './topic-contents.js';

export { TopicContents } from './topic-contents.js';

/** Groups of the checker itself, which no part of the check looks at. */
export const OWN_GROUPS = 'faults-checker-';
const TOPIC = /^(url\.submitted|metric\.round[12]|round2\.requested|row\.joined)\.(express|bulk|dead)$/;
const READ_WITHIN_MS = 120_000;
/** Of one fetch: more than all partitions may give (1 MB each), so that none is cut off where another ended. */
const MOST_BYTES = 256 * 1024 * 1024;

export const isFlowTopic = (topic: string): boolean => TOPIC.test(topic);
export const placeOf = (topic: string, partition: number): string => `${topic}/${partition}`;

/** First and last offset by `topic/partition`; the last is that of the next message. */
export type Ends = ReadonlyMap<string, { readonly start: number; readonly end: number }>;

export async function readEnds(admin: Admin): Promise<Ends> {
  const ends = new Map<string, { start: number; end: number }>();
  const topics = (await admin.listTopics()).filter(isFlowTopic);
  const offsets = await Promise.all(topics.map((topic) => admin.fetchTopicOffsets(topic)));
  for (const [i, topic] of topics.entries())
    for (const { partition, low, high } of offsets[i]!)
      ends.set(placeOf(topic, partition), { start: Number(low), end: Number(high) });
  return ends;
}

/**
 * All that lies in the topics of the flow now, by a reader of its own that commits nothing and leaves no group
 * behind. @throws where the broker does not give it within two minutes
 */
export async function readTopics(
  { kafka, admin }: Pick<Sources, 'kafka' | 'admin'>,
  submission: string,
  poison: ReadonlySet<string>,
): Promise<TopicContents> {
  const ends = await readEnds(admin);
  const contents = new TopicContents(submission, poison, isIncomplete(ends));
  const left = new Map([...ends].filter(([, { start, end }]) => end > start));
  if (left.size === 0) return contents;
  const groupId = `${OWN_GROUPS}${randomUUID()}`;
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100, maxBytes: MOST_BYTES });
  await consumer.connect();
  try {
    const topics = [...new Set([...left.keys()].map((place) => place.slice(0, place.lastIndexOf('/'))))];
    await consumer.subscribe({ topics, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(sayLate(left))), READ_WITHIN_MS);
      const settle = (done: () => void) => (clearTimeout(late), done());
      consumer.on('consumer.crash', ({ payload }) => settle(() => reject(payload.error)));
      const eachBatch = async ({ batch: { topic, partition, messages } }: Batch) => {
        const end = ends.get(placeOf(topic, partition))!.end;
        for (const message of messages)
          if (Number(message.offset) < end) contents.take(topic, partition, message);
        if (Number(messages.at(-1)?.offset ?? 0) >= end - 1) left.delete(placeOf(topic, partition));
        if (left.size === 0) settle(resolve);
      };
      consumer.run({ autoCommit: false, partitionsConsumedConcurrently: 4, eachBatch }).catch(reject);
    });
  } finally {
    await consumer.disconnect();
    await admin.deleteGroups([groupId]).catch(() => undefined);
  }
  return contents;
}

/** Of dead letters old ones may go: what died is told by what is missing. */
function isIncomplete(ends: Ends): boolean {
  return [...ends].some(([place, { start }]) => start > 0 && !place.includes('.dead/'));
}

interface Batch {
  readonly batch: {
    readonly topic: string;
    readonly partition: number;
    readonly messages: readonly KafkaMessage[];
  };
}

function sayLate(left: ReadonlyMap<string, unknown>): string {
  return `not read within ${READ_WITHIN_MS / 1_000} s: ${[...left.keys()].join(', ')}`;
}
