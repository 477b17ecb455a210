import kafkajs, { type Admin } from 'kafkajs';

// Node finds no name of this one in the CommonJS module.
const { ConfigResourceTypes } = kafkajs;

/** Longest deadline of a row (24 h) and its grace (1 h): what is not read by then is owed nothing. */
const LEAST_HOURS = 25;
const HOUR_MS = 3_600_000;

interface Setting {
  readonly type: number;
  readonly resource: string;
  readonly name: 'retention.ms' | 'offsets.retention.minutes';
  readonly unitMs: number;
}

/**
 * Messages and committed offsets must outlive the rows they are about.
 * @throws Error that names the first setting that is too short.
 */
export async function checkRetention(admin: Admin, topics: readonly string[]): Promise<void> {
  const { brokers } = await admin.describeCluster();
  const settings: Setting[] = [
    ...topics.map((resource) => ({
      type: ConfigResourceTypes.TOPIC,
      resource,
      name: 'retention.ms' as const,
      unitMs: 1,
    })),
    {
      type: ConfigResourceTypes.BROKER,
      resource: String(brokers[0]!.nodeId),
      name: 'offsets.retention.minutes',
      unitMs: 60_000,
    },
  ];
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: settings.map(({ type, resource, name }) => ({ type, name: resource, configNames: [name] })),
  });
  for (const setting of settings) {
    const found = resources.find(({ resourceName }) => resourceName === setting.resource);
    const value = Number(
      found?.configEntries.find(({ configName }) => configName === setting.name)?.configValue,
    );
    if (isTooShort(value, setting.unitMs)) throw new Error(tooShort(setting, value));
  }
}

/** -1 keeps for ever; a value that the broker does not tell is taken to be right. */
export function isTooShort(value: number, unitMs: number): boolean {
  return value >= 0 && value * unitMs < LEAST_HOURS * HOUR_MS;
}

function tooShort({ resource, name, unitMs }: Setting, value: number): string {
  const least = (LEAST_HOURS * HOUR_MS) / unitMs;
  return `${resource}: ${name} is ${value}, but rows may be open for ${LEAST_HOURS} h. Set it to ${least} or more.`;
}
