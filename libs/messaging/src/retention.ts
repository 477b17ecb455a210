import kafkajs, { type Admin } from 'kafkajs';

// Node finds no name of this one in the CommonJS module.
const { ConfigResourceTypes } = kafkajs;

const HOUR_MS = 3_600_000;
/** Deadline of a bulk row (24 h) and its grace (1 h): what is not read by then is owed nothing. */
const LONGEST_ROW_MS = 25 * HOUR_MS;

/** One setting as a broker tells it. */
export interface Told {
  /** `topic row.joined.bulk`, `broker 1`. */
  readonly of: string;
  readonly name: 'retention.ms' | 'retention.bytes' | 'offsets.retention.minutes';
  /** Undefined where the broker does not tell it: it is taken to be right. */
  readonly value: string | undefined;
}

const OF_TOPIC = ['retention.ms', 'retention.bytes'] as const;
const OF_BROKER = ['offsets.retention.minutes'] as const;
const UNIT_MS = { 'retention.ms': 1, 'offsets.retention.minutes': 60_000 } as const;

/**
 * Messages and committed offsets must outlive the rows they are about, whatever room they take.
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
  const told = [
    ...(await tell(admin, ConfigResourceTypes.TOPIC, topics, OF_TOPIC)),
    // Offsets lie with any of them.
    ...(await tell(
      admin,
      ConfigResourceTypes.BROKER,
      brokers.map(({ nodeId }) => String(nodeId)),
      OF_BROKER,
    )),
  ];
  const refusal = refusalOf(told, longestRowMs);
  if (refusal !== undefined) throw new Error(refusal);
  return Math.min(...told.map(keptFor));
}

async function tell(
  admin: Admin,
  type: number,
  resources: readonly string[],
  names: readonly Told['name'][],
): Promise<Told[]> {
  const asked = await admin.describeConfigs({
    includeSynonyms: false,
    resources: resources.map((name) => ({ type, name, configNames: [...names] })),
  });
  return asked.resources.flatMap(({ resourceName, configEntries }) =>
    names.map((name) => ({
      of: `${type === ConfigResourceTypes.TOPIC ? 'topic' : 'broker'} ${resourceName}`,
      name,
      value: configEntries.find(({ configName }) => configName === name)?.configValue,
    })),
  );
}

/** What is wrong with the first that keeps less than `longestRowMs`, and what to do; undefined where none does. */
export function refusalOf(told: readonly Told[], longestRowMs: number): string | undefined {
  const short = told.find((one) => keptFor(one) < longestRowMs);
  if (!short) return undefined;
  const { of, name, value } = short;
  const hours = Number((longestRowMs / HOUR_MS).toFixed(1));
  const open = `Kafka, ${of}: ${name} is ${value}, but rows may be open for ${hours} h (deadline and grace)`;
  if (name === 'retention.bytes') return `${open}, and a busy topic would lose theirs. Set ${name} to -1.`;
  // All services of an installation allow for the deadlines that are the default.
  const or = longestRowMs > LONGEST_ROW_MS ? ', or shorten the deadlines' : '';
  return `${open}. Set ${name} to ${Math.ceil(longestRowMs / UNIT_MS[name])} or more${or}.`;
}

/** In ms; -1 keeps for ever. A bound in bytes keeps nothing for sure. */
export function keptFor({ name, value }: Pick<Told, 'name' | 'value'>): number {
  const given = Number(value || NaN);
  if (!(given >= 0)) return Infinity;
  return name === 'retention.bytes' ? 0 : given * UNIT_MS[name];
}
