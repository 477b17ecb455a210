import { parseUrl, type Facts } from '@assay/contracts';
import type { AskDefinition, UnitKind } from './provider.js';

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
      return originOf(source.url);
    case 'handle':
      return undefined;
  }
}

/** The value of the unit that a round-two ask takes from facts; undefined where they do not hold it. */
export function unitOfFacts(
  { unit, needs }: Pick<AskDefinition, 'unit' | 'needs'>,
  facts: Facts | undefined,
): string | undefined {
  if (!needs || !facts) return undefined;
  if (needs.fact === 'handles') return needs.network && facts.handles?.[needs.network]?.[0];
  const value = facts[needs.fact];
  return value && unit === 'origin' ? originOf(value) : value;
}

function originOf(url: string): string | undefined {
  return parseUrl(url)?.origin;
}
