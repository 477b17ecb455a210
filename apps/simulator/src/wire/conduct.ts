import type { ServerResponse } from 'node:http';
import { latencyOf, type LatencyRange } from '../world/domain-class.js';
import { hash32, share } from '../world/hash.js';
import type { Counts } from './counts.js';
import { distorted } from './distort.js';
import type { Breakage, Exchange, ProviderWords, WireAnswer } from './exchange.js';
import type { Fault, FaultName, Faults } from './faults.js';
import { HttpDate } from './http-date.js';
import type { Refused } from './limit-key.js';
import type { Limits } from './limits.js';
import { Penalty } from './penalty.js';
import { withRetryAfter } from './retry-after.js';
import { send } from './send.js';

const SLOW_MS = 3_000;
const BREAKAGES: ReadonlySet<string> = new Set<Breakage>(['hang', 'reset', 'trickle']);
/** Faults that are a refusal for a limit: such a call was not let through. */
const SAYS_TOO_MANY: ReadonlySet<string> = new Set<FaultName>(['429', 'quota']);
type Hit = { readonly fault: Fault; readonly nth: number } | undefined;

interface Verdict {
  /** For a limit, a quota or a penalty: told to come later. */
  readonly isRefused: boolean;
  readonly answer: () => WireAnswer;
}

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
  private readonly date = new HttpDate();

  constructor(private readonly parts: ConductParts) {}

  /** `bytes` of the request's body. */
  conduct(exchange: Exchange, host: string, response: ServerResponse, bytes = 0): void {
    const { counts, faults, latency } = this.parts;
    const at = this.parts.now();
    const { provider, asked } = exchange;
    const [, key = ''] = exchange.limit?.key.split('|') ?? [];
    const hit = faults.hit(provider, host, at);
    const { isRefused, answer } = this.verdictOf(exchange, host, hit, at);
    counts.received({ provider, asked, key, bytes, at, isRefused });
    const delay = latencyOf(exchange.unit, latency) + (exchange.slowMs ?? 0) + faultDelay(hit);
    let due = false;
    const timer = setTimeout(() => {
      due = true;
      this.send(exchange, answer(), hit, response);
    }, delay);
    response.once('close', () => {
      clearTimeout(timer);
      if (!due) counts.answered(provider, 'aborted');
    });
  }

  /** As if nobody had been refused before. */
  liftPenalties(): void {
    this.penalties.clear();
  }

  /** Limits are charged when the call comes in; the answer is made when it is due. Who is refused takes no permit. */
  private verdictOf(exchange: Exchange, host: string, hit: Hit, now: number): Verdict {
    const { refused, words, asked } = exchange;
    if (refused) return { isRefused: refused.status === 429, answer: () => refused };
    const limit = this.parts.limits.keyOf(exchange, host, now);
    const over = limit?.refusal(asked.length, now);
    if (limit && over) return { isRefused: true, answer: () => noOf(words, limit.key, over, now) };
    const wanted = (): WireAnswer =>
      hit ? distorted(hit.fault.fault, exchange, hit.nth, this.parts.now()) : exchange.answer();
    if (hit && SAYS_TOO_MANY.has(hit.fault.fault)) return { isRefused: true, answer: wanted };
    if (this.penaltyOf(exchange)?.admit(now) === false)
      return { isRefused: true, answer: () => words.tooMany() };
    limit?.charge(asked.length, now);
    const state = words.rate && limit?.state(now);
    const rate = state && words.rate?.(state, now);
    return { isRefused: false, answer: rate ? () => withHeaders(rate, wanted()) : wanted };
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
    const headers = { ...answer.headers, date: this.date.at(this.parts.now()) };
    send(response, { ...answer, headers, ...(breaks && { breaks }) }, hit?.fault.ms);
  }

  private penaltyOf({ penalised, limit }: Exchange): Penalty | undefined {
    if (!penalised || !limit) return undefined;
    const known = this.penalties.get(limit.key) ?? new Penalty();
    this.penalties.set(limit.key, known);
    return known;
  }
}

/** In the provider's own words, with the exact time to wait where it tells one. */
function noOf(words: ProviderWords, key: string, over: Refused, now: number): WireAnswer {
  const { resetMs } = over;
  const no = over.isQuota && words.exhausted ? words.exhausted(resetMs) : words.tooMany(resetMs);
  const told = withRetryAfter(words, no, hash32(key), resetMs, now);
  return words.rate ? { ...told, headers: { ...told.headers, ...words.rate(over, now) } } : told;
}

/** What the answer says itself wins: a fault tells what it wants to be believed. */
function withHeaders(headers: WireAnswer['headers'], answer: WireAnswer): WireAnswer {
  return { ...answer, headers: { ...headers, ...answer.headers } };
}

/** `tail` is log-normal with a median of 0.2 s and a 99th percentile of 5 s. */
function faultDelay(hit: Hit): number {
  if (hit?.fault.fault === 'slow') return hit.fault.ms ?? SLOW_MS;
  if (hit?.fault.fault !== 'tail') return 0;
  const radius = Math.sqrt(-2 * Math.log(1 - share(String(hit.nth), 'tail-a')));
  const normal = radius * Math.cos(2 * Math.PI * share(String(hit.nth), 'tail-b'));
  return Math.min(20_000, 200 * Math.exp(1.384 * normal));
}
