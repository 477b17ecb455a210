import { statusFailure, transportFailure } from './classify-reply.js';
import { failed } from './finding.js';
import type { ProviderReply } from './provider.js';
import { readJson, type JsonRead } from './read-json.js';

/**
 * The JSON object of a 2xx reply, or why there is none: for APIs whose HTTP status tells what went wrong.
 * `keyed` says whether a key was sent. Never throws.
 */
export function readAnswer(reply: ProviderReply | undefined, now: number, keyed: boolean): JsonRead {
  if (!reply) return { failure: failed('malformed', 'no reply') };
  if (reply.kind === 'error') return { failure: transportFailure(reply) };
  const failure = statusFailure(reply, now, keyed);
  return failure ? { failure } : readJson(reply);
}
