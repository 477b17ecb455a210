import { classOf } from './domain-class.js';
import { share } from './hash.js';
import { domainOf } from './unit.js';

/** Share of a class's pages that are listed. */
const LISTED = { popular: 0, ordinary: 0.002, young: 0.03, spam: 0.6, dead: 0.05 } as const;

/** Threat types of an address; empty: not listed. The two public test pages are always listed. */
export function threatsOf(url: string): string[] {
  const fixed = /testsafebrowsing\.appspot\.com\/s\/(malware|phishing)\.html/.exec(url)?.[1];
  if (fixed) return [fixed === 'malware' ? 'MALWARE' : 'SOCIAL_ENGINEERING'];
  const is = classOf(domainOf(url));
  if (share(url, 'listed') >= LISTED[is]) return [];
  const at = share(url, 'threat');
  if (at < 0.1) return ['MALWARE', 'SOCIAL_ENGINEERING'];
  if (at < 0.65) return ['SOCIAL_ENGINEERING'];
  return at < 0.9 ? ['MALWARE'] : ['UNWANTED_SOFTWARE'];
}
