import { getDomain } from 'tldts';
import { hash32, share } from './hash.js';
import { remember } from './remember.js';
import { WELL_KNOWN_DOMAINS } from './well-known-domains.js';

export const DOMAIN_CLASSES = ['popular', 'ordinary', 'young', 'spam', 'dead'] as const;
/** What kind of site a registrable domain is; every provider's numbers about it agree with this. */
export type DomainClass = (typeof DOMAIN_CLASSES)[number];

/** Shares of domains that are not named: cumulative. */
const SHARES: readonly (readonly [upTo: number, is: DomainClass])[] = [
  [0.08, 'popular'],
  [0.68, 'ordinary'],
  [0.8, 'young'],
  [0.92, 'spam'],
  [1, 'dead'],
];
const SPAM_WORDS =
  /casino|viagra|cialis|poker|payday|replica|xxx|porn|free-?gift|cheap-?pills|crypto-?double/;
const BY_NAME = /^(popular|ordinary|young|spam|dead)-/;

/** By the public suffix list; the host itself where there is none (an address, a bare name). */
export const registrableDomain = remember(50_000, (host) => getDomain(host) ?? host);

/** A first label that starts with a class and a hyphen (`dead-1.org`) fixes the class: for tests. */
export const classOf = remember(50_000, (domain): DomainClass => {
  if (WELL_KNOWN_DOMAINS.has(domain)) return 'popular';
  if (domain.endsWith('.test')) return 'ordinary';
  const named = BY_NAME.exec(domain)?.[1];
  if (named) return named as DomainClass;
  if (SPAM_WORDS.test(domain)) return 'spam';
  const at = share(domain, 'class');
  return SHARES.find(([upTo]) => at < upTo)?.[1] ?? 'ordinary';
});

const STRENGTH: Record<DomainClass, readonly [min: number, max: number]> = {
  popular: [0.75, 1],
  ordinary: [0.22, 0.75],
  young: [0.02, 0.25],
  spam: [0.02, 0.4],
  dead: [0, 0.1],
};

/** How strong a domain is on the web, 0–1: what authority, rank and link counts are made from. */
export function strengthOf(domain: string): number {
  const [min, max] = STRENGTH[classOf(domain)];
  return min + share(domain, 'strength') * (max - min);
}

/** Milliseconds a unit's answers take: the same each time, evenly spread over the range. */
export function latencyOf(unit: string, range: LatencyRange): number {
  return range.minMs + (hash32(`latency|${unit}`) % (range.maxMs - range.minMs + 1));
}

export interface LatencyRange {
  readonly minMs: number;
  readonly maxMs: number;
}
