/**
 * The catalogue of messages, in the order of the flow. Start reading here.
 *
 * submission  one list handed in at once
 * line        one line of that list: accepted, duplicate or rejected(reason)
 * row         one distinct URL of one submission; key (submission, seq)
 * provider    one third-party API, as one definition
 * ask         one question to a provider, planned per row: `dns`, `moz.url`, `safebrowsing.final`
 * unit        what an ask is about: a url, host, origin, domain or handle, and its value
 * fact        something round one found that a round-two ask needs
 * answer      what a provider said about one unit at one time; stored once, pointed at by many cells
 * cell        row × ask: an outcome and, where measured, a pointer to its answer
 * outcome     ok · absent · failed(class) · skipped(reason)
 * gen         generation of a cell: 0, and one more for each retry a person asks for
 * lane        express (small, interactive) or bulk; every topic exists once per lane
 */
export const MESSAGES = [
  'url.submitted', // 1  ingest → round-one fetchers, joiner, store
  'metric.round1', // 2  fetchers → joiner
  'round2.requested', // 3  joiner → round-two fetchers
  'metric.round2', // 4  fetchers → joiner
  'row.joined', // 5  joiner → store
] as const;
export type MessageName = (typeof MESSAGES)[number];

export const LANES = ['express', 'bulk'] as const;
export type Lane = (typeof LANES)[number];

/** Kafka topic of a message on a lane. All of them have the same partition count. */
export function topicOf(message: MessageName, lane: Lane): string {
  return `${message}.${lane}`;
}

/** Topic of messages that one group gave up on. Reason, group and origin stand in the headers. */
export function deadTopicOf(message: MessageName): string {
  return `${message}.dead`;
}

/** The message and lane that a topic carries; undefined for a topic that is not ours. */
export function parseTopic(topic: string): { message: MessageName; lane: Lane } | undefined {
  const cut = topic.lastIndexOf('.');
  const message = MESSAGES.find((name) => name === topic.slice(0, cut));
  const lane = LANES.find((name) => name === topic.slice(cut + 1));
  return message && lane ? { message, lane } : undefined;
}

export function allTopics(): string[] {
  return MESSAGES.flatMap((message) => LANES.map((lane) => topicOf(message, lane)));
}

export function allDeadTopics(): string[] {
  return MESSAGES.map(deadTopicOf);
}

/** A message is cut so that its JSON stays at or under this size: 100 rows with 8 KB URLs must pass. */
export const MAX_MESSAGE_BYTES = 256 * 1024;

/** Header that names the asks a message is about, comma-separated: a group skips foreign messages before parsing. */
export const ASKS_HEADER = 'asks';
