import type { ServerResponse } from 'node:http';
import { latencyOf, type LatencyRange } from '../world/domain-class.js';
import { hash32, share } from '../world/hash.js';
import type { Counts } from './counts.js';
import { distorted } from './distort.js';
import type { Breakage, Exchange, WireAnswer } from './exchange.js';
import type { Fault, Faults } from './faults.js';
import type { Limits } from './limits.js';
import { Penalty } from './penalty.js';
import { withRetryAfter } from './retry-after.js';
import { send } from './send.js';

const SLOW_MS = 3_000;
const BREAKAGES: ReadonlySet<string> = new Set<Breakage>(['hang', 'reset', 'trickle']);
type Hit = { readonly fault: Fault; readonly nth: number } | undefined;

export interface ConductParts {
  readonly counts: Counts;
  readonly limits: Limits;
  readonly faults: Faults;
  readonly latency: LatencyRange;
  readonly now: () => number;
}

/** Takes every exchange through the same steps: count, limits, fault, latency, answer. */
export class Conductor {
  private readonly penalties = new Map<string, Penalty>();

  constructor(private readonly parts: ConductParts) {}

  /** `bytes` of the request's body. */
  conduct(exchange: Exchange, host: string, response: ServerResponse, bytes = 0): void {
    const { counts, faults, latency } = this.parts;
    const [, key = ''] = exchange.limit?.key.split('|') ?? [];
    counts.received({ provider: exchange.provider, asked: exchange.asked, key, bytes });
    const hit = faults.hit(exchange.provider, host, this.parts.now());
    const answer = this.answerOf(exchange, hit);
    const delay = latencyOf(exchange.unit, latency) + (exchange.slowMs ?? 0) + faultDelay(hit);
    let due = false;
    const timer = setTimeout(() => {
      due = true;
      this.send(exchange, answer(), hit, response);
    }, delay);
    response.once('close', () => {
      clearTimeout(timer);
      if (!due) counts.answered(exchange.provider, 'aborted');
    });
  }

  /** As if nobody had been refused before. */
  liftPenalties(): void {
    this.penalties.clear();
  }

  /** Limits are charged when the call comes in; the answer is made when it is due. */
  private answerOf(exchange: Exchange, hit: Hit): () => WireAnswer {
    const { refused, limit, words } = exchange;
    if (refused) return () => refused;
    const now = this.parts.now();
    if (limit && this.penaltyOf(exchange)?.admit(now) === false) return () => words.tooMany();
    const over = limit && this.parts.limits.take(limit.key, limit.windows, exchange.asked.length, now);
    if (limit && over) {
      const no = over.isQuota ? (words.exhausted ?? words.tooMany) : words.tooMany;
      return () => withRetryAfter(words, no(), hash32(limit.key), over.waitMs, now);
    }
    return hit
      ? () => distorted(hit.fault.fault, exchange, hit.nth, this.parts.now())
      : () => exchange.answer();
  }

  private send(exchange: Exchange, answer: WireAnswer, hit: Hit, response: ServerResponse): void {
    const name = hit?.fault.fault ?? '';
    const breaks = BREAKAGES.has(name) ? (name as Breakage) : answer.breaks;
    this.penaltyOf(exchange)?.answered(answer.status, this.parts.now());
    this.parts.counts.answered(
      exchange.provider,
      breaks && breaks !== 'trickle' ? breaks : String(answer.status),
      Buffer.byteLength(answer.body),
    );
    send(response, { ...answer, ...(breaks && { breaks }) }, hit?.fault.ms);
  }

  private penaltyOf({ penalised, limit }: Exchange): Penalty | undefined {
    if (!penalised || !limit) return undefined;
    const known = this.penalties.get(limit.key) ?? new Penalty();
    this.penalties.set(limit.key, known);
    return known;
  }
}

/** `tail` is log-normal with a median of 0.2 s and a 99th percentile of 5 s. */
function faultDelay(hit: Hit): number {
  if (hit?.fault.fault === 'slow') return hit.fault.ms ?? SLOW_MS;
  if (hit?.fault.fault !== 'tail') return 0;
  const radius = Math.sqrt(-2 * Math.log(1 - share(String(hit.nth), 'tail-a')));
  const normal = radius * Math.cos(2 * Math.PI * share(String(hit.nth), 'tail-b'));
  return Math.min(20_000, 200 * Math.exp(1.384 * normal));
}
