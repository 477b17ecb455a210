import type { ProviderWords, WireAnswer } from './exchange.js';

/** In turn by `nth`: seconds, an HTTP date, nothing. Providers that never send it stay silent. */
export function withRetryAfter(
  words: ProviderWords,
  answer: WireAnswer,
  nth: number,
  waitMs: number,
  now: number,
): WireAnswer {
  if (words.noRetryAfter || nth % 3 === 2) return answer;
  const seconds = Math.max(1, Math.ceil(waitMs / 1_000));
  const value = nth % 3 === 0 ? String(seconds) : new Date(now + seconds * 1_000).toUTCString();
  return { ...answer, headers: { ...answer.headers, 'retry-after': value } };
}
