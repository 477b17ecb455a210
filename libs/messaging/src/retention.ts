import kafkajs, { type Admin } from 'kafkajs';

// Node finds no name of this one in the CommonJS module.
const { ConfigResourceTypes } = kafkajs;

const HOUR_MS = 3_600_000;
/** Deadline of a bulk row (24 h) and its grace (1 h): what is not read by then is owed nothing. */
const LONGEST_ROW_MS = 25 * HOUR_MS;

interface Setting {
  readonly type: number;
  readonly resource: string;
  readonly name: 'retention.ms' | 'offsets.retention.minutes';
  readonly unitMs: number;
}

/**
 * Messages and committed offsets must outlive the rows they are about.
 * @param longestRowMs longest deadline and grace
 * @returns how long all of them are kept, in ms; Infinity where for ever
 * @throws Error that names the first setting that is too short
 */
export async function checkRetention(
  admin: Admin,
  topics: readonly string[],
  longestRowMs = LONGEST_ROW_MS,
): Promise<number> {
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
  let kept = Infinity;
  for (const setting of settings) {
    const found = resources.find(({ resourceName }) => resourceName === setting.resource);
    const entry = found?.configEntries.find(({ configName }) => configName === setting.name);
    const keptMs = keptFor(entry?.configValue, setting.unitMs);
    if (keptMs < longestRowMs) throw new Error(tooShort(setting, entry!.configValue, longestRowMs));
    kept = Math.min(kept, keptMs);
  }
  return kept;
}

/** In ms. -1 keeps for ever; a value that the broker does not tell is taken to be right. */
export function keptFor(value: string | undefined, unitMs: number): number {
  const given = Number(value || NaN);
  return given >= 0 ? given * unitMs : Infinity;
}

function tooShort({ resource, name, type, unitMs }: Setting, value: string, longestRowMs: number): string {
  const where = type === ConfigResourceTypes.TOPIC ? `topic ${resource}` : `broker ${resource}`;
  const hours = Number((longestRowMs / HOUR_MS).toFixed(1));
  return (
    `Kafka, ${where}: ${name} is ${value}, but rows may be open for ${hours} h (deadline and grace). ` +
    `Set ${name} to ${Math.ceil(longestRowMs / unitMs)} or more, or shorten the deadlines.`
  );
}
