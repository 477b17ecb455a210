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
  // A date has whole seconds: rounded up, so that nobody is asked back too early.
  const date = new Date(Math.ceil((now + waitMs) / 1_000) * 1_000);
  const value = nth % 3 === 0 ? String(seconds) : date.toUTCString();
  return { ...answer, headers: { ...answer.headers, 'retry-after': value } };
}
