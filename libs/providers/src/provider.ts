import type { Facts, FailureClass, SkipReason } from '@assay/contracts';

export type UnitKind = 'url' | 'host' | 'origin' | 'domain' | 'handle';

/** One thing to ask a provider: a surface of it (`moz.url`) and the value of a unit. */
export interface Question {
  readonly surface: string;
  readonly unit: string;
}

/** Key by which answers are matched to questions. Never by position. */
export function questionKey(question: Question): string {
  return `${question.surface} ${question.unit}`;
}

export type MetricType = 'integer' | 'number' | 'boolean' | 'text' | 'date';

export interface MetricDefinition {
  readonly id: string;
  readonly type: MetricType;
  /** Unit of measure, e.g. `ms`, `days`, `links`; empty for plain counts, scores and texts. */
  readonly unit: string;
  /** Inclusive range of a sane value; a value outside makes the answer malformed. */
  readonly range?: readonly [min: number, max: number];
  /** One line for people. */
  readonly meaning: string;
}

/** Where a round-two ask takes its unit from. */
export interface AskNeed {
  /** An ask about an origin takes that of the URL found; one about a handle the first one of its `network`. */
  readonly fact: 'finalUrl' | 'finalHost' | 'finalDomain' | 'canonicalUrl' | 'handles';
  /** With `handles`: on which network. */
  readonly network?: 'bluesky' | 'mastodon' | 'github';
  /** The round-one ask that finds the fact. */
  readonly from: string;
  /** required: no fact → skipped(no_fact) when round one closes. preferred: falls back to the row's own url, host or domain. */
  readonly need: 'required' | 'preferred';
  /** Round-one ask of the same surface: an equal unit ends skipped(same_unit). */
  readonly unlessSameAs?: string;
}

export interface AskDefinition {
  /** `page`, `moz.url`, `safebrowsing.final` */
  readonly id: string;
  /** What answers are keyed by: two asks on one surface share answers. */
  readonly surface: string;
  readonly round: 1 | 2;
  readonly unit: UnitKind;
  readonly needs?: AskNeed;
  /** Ids of the metrics that this ask can measure. Default: all of the provider's. */
  readonly metrics?: readonly string[];
}

/** At most `permits` per `perMs`, for each key of a provider that has several. Several windows hold at once. */
export interface LimitWindow {
  readonly permits: number;
  readonly perMs: number;
  /** What a permit pays for. */
  readonly of: 'calls' | 'units';
  /** A daily quota that comes back whole at midnight there, not bit by bit; `perMs` is a day then. */
  readonly resets?: 'utc' | 'pacific';
}

/** Windows up to this long set a pace, kept by a timetable; longer ones are amounts. */
export const PACE_UP_TO_MS = 5_000;

export interface BreakerSettings {
  /** Calls that must have been seen before it may open. */
  readonly volume: number;
  /** Share of failures at which it opens, 0–100. */
  readonly errorPercent: number;
  readonly coolOffMs: number;
  /** bad_request counts as a failure too: the provider punishes callers that send many. */
  readonly countsBadRequest?: true;
}

export type AuthDefinition =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'key';
      /**
       * How the key travels: in a header of the provider's own, as a bearer token, in the query, in a form, as
       * `login:password` of HTTP Basic, or as `id:secret` that is exchanged for a token of short life.
       */
      readonly form: 'header' | 'bearer' | 'query' | 'form' | 'basic' | 'oauth';
      /** Environment variable that holds the key, or several, comma-separated; the provider is on when it is set. */
      readonly env: string;
      /** The provider answers without a key too, to fewer calls or with less. */
      readonly optional?: true;
      /** Where a person gets one. */
      readonly signUp: string;
    };

export interface ProviderDefinition {
  readonly id: string;
  readonly title: string;
  /** Address of the contract's source. */
  readonly docs: string;
  /** Day on which the adapter was last compared with the contract: `2026-11-24`. All of this project have it. */
  readonly checked?: string;
  /** Raise it when `parse` reads the same answer differently: stored answers of other versions are not reused. */
  readonly version: number;
  readonly auth: AuthDefinition;
  readonly asks: readonly AskDefinition[];
  /** Questions per call and how long the first may wait for company. size 1: no linger. */
  readonly batch: { readonly size: number; readonly lingerMs: number };
  readonly limits: readonly LimitWindow[];
  /** Where a key is optional and none is set: the limits without it. */
  readonly limitsWithoutKey?: readonly LimitWindow[];
  /** Of a provider of many steps; default: one request a question. Plans and their prices go by it. */
  readonly requestsPerUnit?: RequestsPerUnit;
  /** Calls in flight: over the provider, and per limit key where that is not the whole provider. */
  readonly concurrency: number;
  readonly concurrencyPerKey?: number;
  /** What limits, breaker and health go by: the provider, or registry, host, instance. */
  limitKey(question: Question): string;
  /** Total time of one call. */
  readonly timeoutMs: number;
  /** Attempts after the first, for the classes that are retried at all. */
  readonly retries: number;
  readonly breaker: BreakerSettings;
  /** How long an answer is fresh. A finding may shorten it. */
  readonly ttlMs: { readonly ok: number; readonly absent: number };
  /** Price in USD micro-dollars (1e-6); absent: free. A priced call has a ledger row of its own. */
  readonly price?: Price;
  readonly metrics: readonly MetricDefinition[];
  /** A question whose answer is known, for `npm run providers:check`. All of this project have it. */
  readonly canary?: Canary;
  /** What is left of the key's quota, in the provider's own measure, where a reply tells; undefined where not. */
  quotaLeft?(reply: ProviderReply): number | undefined;
}

/** A well provider has numbers for it, or knows for sure that it has nothing. */
export interface Canary extends Question {
  /** Default: ok. */
  readonly outcome?: 'absent';
}

/** HTTP requests that one question takes where replies decide: redirects, files that are shared. Retries aside. */
export interface RequestsPerUnit {
  readonly least: number;
  readonly likely: number;
  readonly most: number;
  /** Likely besides, once for each limit key: a file that all questions of the key share. */
  readonly perKey?: number;
  /** Of `likely` and `most`, those with `sharedForMs`: no ceiling counts them. */
  readonly shared?: { readonly likely: number; readonly most: number };
}

/** Of one batch: for the call itself, and for each question in it. */
export interface Price {
  readonly perCallMicroUsd?: number;
  readonly perUnitMicroUsd?: number;
}

export interface ProviderRequest {
  readonly method: 'GET' | 'POST';
  /** Absolute. May carry a key where the contract wants it there: never log it, never store it. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Body bytes after which reading stops; `truncated` tells. Default 512 KiB. */
  readonly capBytes?: number;
  /** The URL came from a user or a page: ports 80 and 443 only. Every request passes the address check. */
  readonly foreign?: boolean;
  /**
   * Same for all who ask (robots.txt, a bootstrap file): kept and shared for this long, single flight.
   * That holds for replies below 500 other than 429; any other reply or error is worth a minute at most.
   */
  readonly sharedForMs?: number;
  /**
   * The host of this request asks for calls at least so far apart (`Crawl-delay`), in ms: its limit key keeps that distance in
   * all processes, where it has a limit of calls within seconds and that is shorter.
   */
  readonly spacingMs?: number;
  /** Limit key of this step where it differs from the question's: a redirect to another host. */
  readonly limitKey?: string;
}

export type TransportError =
  'dns' | 'refused' | 'blocked_address' | 'tls' | 'timeout' | 'reset' | 'protocol' | 'too_large';

/** What came back: a reply, or why none did. Redirects are not followed: a provider that wants to, asks again. */
export type ProviderReply =
  | {
      readonly kind: 'reply';
      readonly status: number;
      /** Lower-case names; values of repeated headers joined with `, ` save for `set-cookie`. */
      readonly headers: Readonly<Record<string, string>>;
      /** Decompressed, at most capBytes. */
      readonly body: Buffer;
      readonly truncated: boolean;
      readonly ttfbMs: number;
      readonly totalMs: number;
    }
  | {
      readonly kind: 'error';
      readonly error: TransportError;
      readonly message: string;
      /** It failed before there was a connection: the provider never heard of it. */
      readonly unsent?: true;
      /** Not sent, since it could not be sent in time for its permit. */
      readonly late?: true;
    };

export type MetricValue = number | string | boolean;

/** What one question came to. */
export type Finding =
  | {
      readonly outcome: 'ok';
      /** Only what was measured; a metric the provider left out is left out here, never 0. */
      readonly numbers: Readonly<Record<string, MetricValue>>;
      /** The provider's own date of these numbers. */
      readonly asOf?: string;
      /** Shorter freshness than the definition's. */
      readonly ttlMs?: number;
      readonly facts?: Facts;
    }
  | { readonly outcome: 'absent'; readonly ttlMs?: number; readonly facts?: Facts; readonly reason?: string }
  | {
      readonly outcome: 'failed';
      readonly class: FailureClass;
      /** For people and logs; must not contain a key. */
      readonly message: string;
      /** The provider said when to come back. */
      readonly retryAfterMs?: number;
      /** Lies in the question, not in the provider: not tried again, and no mark against the provider's health. */
      readonly lasting?: true;
      readonly facts?: Facts;
    }
  | { readonly outcome: 'skipped'; readonly reason: SkipReason };

/** By `questionKey`. A question without a finding is failed(malformed): the provider left it out. */
export type Findings = ReadonlyMap<string, Finding>;

export interface AskContext {
  /** The key in use; empty for providers without one. */
  readonly key: string;
  /** Who we are, with a contact address. */
  readonly userAgent: string;
  readonly now: number;
  /** Random for ids that a provider wants; from outside, so that a provider stays pure. */
  readonly requestId: string;
}

/** A provider that needs one round trip: what it sends and how it reads what came. Both are pure. */
export interface SingleStep {
  request(questions: readonly Question[], context: AskContext): readonly ProviderRequest[];
  /** Replies stand at the position of their requests. */
  parse(replies: readonly ProviderReply[], questions: readonly Question[], context: AskContext): Findings;
}

/** A provider whose next request depends on the last reply (redirects, a bootstrap file): a pure generator. */
export interface ManySteps {
  steps(
    questions: readonly Question[],
    context: AskContext,
  ): Generator<readonly ProviderRequest[], Findings, readonly ProviderReply[]>;
}

export type Provider = ProviderDefinition & (SingleStep | ManySteps);

export function defineProvider<P extends Provider>(provider: P): P {
  return provider;
}
