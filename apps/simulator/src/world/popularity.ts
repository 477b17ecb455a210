import { classOf, strengthOf } from './domain-class.js';

/**
 * Place of a domain among all by its visitors, not a whole number: 20 for the strongest, ten thousand for the weakest of
 * the popular ones, beyond any list for most. Nobody visits a dead one.
 */
export function placeOf(domain: string): number {
  if (classOf(domain) === 'dead') return Infinity;
  return 10 ** (1.3 + 16 * (1 - strengthOf(domain)));
}
