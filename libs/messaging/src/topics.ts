import { allDeadTopics, allTopics } from '@assay/contracts';
import type { Admin } from 'kafkajs';
import { askUntil } from './ask-until.js';
import { createClient } from './client.js';
import { checkRetention } from './retention.js';

export interface TopicSettings {
  /** Host and port of one or more brokers, comma-separated. */
  readonly brokers: string;
  readonly partitions: number;
  /** Default 1: one broker. */
  readonly replicationFactor?: number;
}

/** Longer than the longest deadline that a submission may ask for (7 days) and its grace. */
const RETENTION_MS = 8 * 24 * 3_600_000;
/** A broker that starts on a busy machine takes its time to lead all partitions. */
const LEADERS_WITHIN_MS = 30_000;
/** A dead letter is the message and its story: it must pass where the message passed (1 MB). */
const DEAD_LETTER_MAX_BYTES = 2 * 1024 * 1024;

/**
 * Creates every topic of both lanes and the dead letters where they are missing, all with the same
 * partition count. May run again, and on several machines at once.
 * @throws Error that names the remedy, where topics of another partition count exist already.
 */
export async function createTopics(settings: TopicSettings): Promise<void> {
  await withAdmin(settings.brokers, async (admin) => {
    const existing = new Set(await admin.listTopics());
    const missing = [...allTopics(), ...allDeadTopics()].filter((topic) => !existing.has(topic));
    if (missing.length > 0) await create(admin, missing, settings);
    // A broker names a leader before that leader takes messages; it answers this when it does.
    for (const topic of missing) await askUntil(() => admin.fetchTopicOffsets(topic), LEADERS_WITHIN_MS);
    const found = await commonPartitions(admin);
    if (found !== settings.partitions) throw new Error(otherCount(found, settings.partitions));
  });
}

export interface CheckedTopics {
  /** Of every topic. */
  readonly partitions: number;
  /** How long messages and offsets are kept, in ms; Infinity where for ever. */
  readonly keptMs: number;
}

/**
 * Refuses to start on a broker whose topics would lose or mislead messages.
 * @throws Error that names what is wrong and the remedy.
 */
export async function checkTopics(settings: {
  readonly brokers: string;
  readonly longestRowMs?: number;
}): Promise<CheckedTopics> {
  return withAdmin(settings.brokers, async (admin) => {
    const partitions = await commonPartitions(admin);
    const topics = [...allTopics(), ...allDeadTopics()];
    return { partitions, keptMs: await checkRetention(admin, topics, settings.longestRowMs) };
  });
}

async function create(admin: Admin, topics: string[], settings: TopicSettings): Promise<void> {
  const dead = new Set(allDeadTopics());
  try {
    await admin.createTopics({
      waitForLeaders: true,
      topics: topics.map((topic) => ({
        topic,
        numPartitions: settings.partitions,
        replicationFactor: settings.replicationFactor ?? 1,
        configEntries: [
          { name: 'retention.ms', value: String(RETENTION_MS) },
          { name: 'retention.bytes', value: '-1' },
          ...(dead.has(topic) ? [{ name: 'max.message.bytes', value: String(DEAD_LETTER_MAX_BYTES) }] : []),
        ],
      })),
    });
  } catch (error) {
    // Somebody else was quicker: the check that follows tells whether all is well.
    if (!alreadyExists(error)) throw error;
  }
}

function alreadyExists(error: unknown): boolean {
  const errors = (error as { errors?: unknown[] }).errors ?? [error];
  return errors.every((one) => (one as { type?: string }).type === 'TOPIC_ALREADY_EXISTS');
}

async function commonPartitions(admin: Admin): Promise<number> {
  const wanted = [...allTopics(), ...allDeadTopics()];
  const existing = new Set(await admin.listTopics());
  const missing = wanted.filter((topic) => !existing.has(topic));
  if (missing.length > 0)
    throw new Error(`Kafka has no topic ${missing.join(', ')}. Create all of them once with createTopics.`);
  const { topics } = await admin.fetchTopicMetadata({ topics: wanted });
  const counts = new Map(topics.map(({ name, partitions }) => [name, partitions.length]));
  const first = counts.get(wanted[0]!)!;
  const different = wanted.filter((topic) => counts.get(topic) !== first);
  if (different.length === 0) return first;
  const list = different.map((topic) => `${topic} ${counts.get(topic)}`).join(', ');
  throw new Error(
    `All topics need one partition count, but ${wanted[0]} has ${first} and: ${list}. ` +
      'Let the services finish, delete these topics and create them again.',
  );
}

function otherCount(found: number, wanted: number): string {
  return (
    `The topics have ${found} partitions, not ${wanted}. Set the partition count to ${found}, ` +
    'or let the services finish and delete the topics: they cannot be changed while in use.'
  );
}

async function withAdmin<T>(brokers: string, use: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = createClient({ brokers, clientId: 'assay-topics' }).admin();
  await admin.connect();
  try {
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
}
