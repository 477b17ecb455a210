import type { CallClass } from '@assay/contracts';
import type { Finding } from '@assay/providers';
import { callClass } from '../answers/call-class.js';

/** One call to a provider that has ended. */
export interface SeenCall {
  readonly provider: string;
  /** At which it ended: the conversation may have begun at another. */
  readonly limitKey: string;
  readonly class: CallClass;
  /** Requests that reached the provider; 0 where all was answered by shared replies, or nobody could be reached. */
  readonly requests: number;
  /** From its start to its end, without waits for further permits. */
  readonly latencyMs: number;
  /** When it ended, in ms since 1970. */
  readonly at: number;
}

interface EndedLine {
  readonly key: { readonly name: string };
  readonly sent: number;
  readonly waitedMs: number;
}

/** A call as statistics see it. `startedAt` and `at` in ms since 1970. */
export function seenCall(
  provider: string,
  { key, sent, waitedMs }: EndedLine,
  findings: readonly Finding[],
  startedAt: number,
  at: number,
): SeenCall {
  const latencyMs = Math.max(0, at - startedAt - waitedMs);
  return { provider, limitKey: key.name, class: callClass(findings), requests: sent, latencyMs, at };
}
