import { textOf, type RawMessage } from './raw-message.js';

/** Headers that a dead letter has beside those of its message once it was returned to the group that gave up. */
export const REPLAY_HEADERS = {
  /** The only group that handles it. */
  to: 'replay.to',
  /** Where the message lay first: `topic:partition:offset`. */
  of: 'replay.of',
  /** Kafka's, of that message, in milliseconds. */
  timestamp: 'replay.timestamp',
  /** Tries that it had before. */
  attempts: 'replay.attempts',
} as const;

const OURS = new Set<string>(Object.values(REPLAY_HEADERS));

export interface Origin {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

/** Where a message comes from, and what it went through before this time. */
export interface History extends Origin {
  readonly timestamp: string;
  /** Tries before this time. */
  readonly attempts: number;
}

type Headers = RawMessage['headers'];

/** True for a message that was returned to another group: this one has handled it, or gave up for itself. */
export function isForOthers(headers: Headers, group: string): boolean {
  const to = headers?.[REPLAY_HEADERS.to];
  return to !== undefined && to !== null && String(to) !== group;
}

/** Of a message that was returned, the place it lay first; else its own. */
export function historyOf(raw: RawMessage): History {
  const { topic, partition, offset, timestamp, headers } = raw;
  const origin = readPlace(textOf(headers, REPLAY_HEADERS.of));
  if (!origin) return { topic, partition, offset, timestamp, attempts: 0 };
  const attempts = Number(textOf(headers, REPLAY_HEADERS.attempts));
  return {
    ...origin,
    timestamp: textOf(headers, REPLAY_HEADERS.timestamp) ?? timestamp,
    attempts: Number.isSafeInteger(attempts) && attempts > 0 ? attempts : 0,
  };
}

export function isReplayHeader(name: string): boolean {
  return OURS.has(name);
}

export function placeText({ topic, partition, offset }: Origin): string {
  return `${topic}:${partition}:${offset}`;
}

/** `topic:partition:offset`; undefined for anything else. */
export function readPlace(text: string | undefined): Origin | undefined {
  const [, topic, partition, offset] = /^([\w.-]+):(\d+):(-?\d+)$/.exec(text ?? '') ?? [];
  if (topic === undefined || partition === undefined || offset === undefined) return undefined;
  return { topic, partition: Number(partition), offset };
}
