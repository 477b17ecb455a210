import type { UnitKind } from './provider.js';

/** What a unit is taken from: a row as submitted, or one put together from its facts. */
export interface UnitSource {
  /** Normalised. */
  readonly url: string;
  readonly host: string;
  readonly domain: string;
}

/**
 * The value of the unit that an ask is about: `url` and `origin` from the URL, `host` and `domain` as they stand.
 * undefined for `handle`, which only a fact can give, and for the origin of what is no URL.
 */
export function unitOf(ask: { readonly unit: UnitKind }, source: UnitSource): string | undefined {
  switch (ask.unit) {
    case 'url':
      return source.url;
    case 'host':
      return source.host;
    case 'domain':
      return source.domain;
    case 'origin':
      return URL.canParse(source.url) ? new URL(source.url).origin : undefined;
    case 'handle':
      return undefined;
  }
}
