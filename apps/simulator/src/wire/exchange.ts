import type { IncomingHttpHeaders } from 'node:http';

/** A request as the simulated side reads it. */
export interface WireRequest {
  readonly method: string;
  readonly secure: boolean;
  /** Lower case, without port. */
  readonly host: string;
  /** With its leading slash, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Path and query as they were sent. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Ways in which an answer goes wrong on its way out. */
export type Breakage = 'hang' | 'reset' | 'trickle' | 'empty' | 'garbage';

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  readonly breaks?: Breakage;
}

/** One thing a request asks about. */
export interface Asked {
  readonly surface: string;
  readonly unit: string;
}

/** At most `permits` per `perMs`, of calls or of units. */
export interface Window {
  readonly permits: number;
  readonly perMs: number;
  readonly of: 'calls' | 'units';
  /** All permits come back at midnight there, none before. */
  readonly resets?: 'utc' | 'pacific';
}

/** What a request is, known before it is answered: for counting, limits, latency and faults. */
export interface Exchange {
  readonly provider: string;
  readonly asked: readonly Asked[];
  /** The text whose hash gives the latency. */
  readonly unit: string;
  readonly slowMs?: number;
  readonly limit?: { readonly key: string; readonly windows: readonly Window[] };
  /** Many refusals in a row are answered with a tighter limit (Moz). */
  readonly penalised?: boolean;
  /** Refused whatever the limits say: a bad key, a broken request. */
  readonly refused?: WireAnswer;
  answer(): WireAnswer;
  readonly words: ProviderWords;
}

/** What is left of a limit key's tightest window. */
export interface RateState {
  /** The window's permits. */
  readonly limit: number;
  readonly left: number;
  /** Until then `left` holds, then more is back. */
  readonly resetMs: number;
}

/** How a provider says no, each in its own words; `waitMs` where it is known. */
export interface ProviderWords {
  tooMany(waitMs?: number): WireAnswer;
  broken(status: number): WireAnswer;
  unauthorised(): WireAnswer;
  /** The day's or month's allowance is used up. */
  exhausted?(waitMs?: number): WireAnswer;
  /** Headers of every answer that tell what is left; `now` in ms since 1970. */
  rate?(state: RateState, now: number): Readonly<Record<string, string>>;
  /** Sends no Retry-After, ever. */
  readonly noRetryAfter?: boolean;
}

export function json(status: number, value: unknown, type = 'application/json; charset=utf-8'): WireAnswer {
  return { status, headers: { 'content-type': type }, body: JSON.stringify(value) };
}

export function page(status: number, title: string): WireAnswer {
  const body = `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`;
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body };
}
