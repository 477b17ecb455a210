import { classOf, strengthOf } from './domain-class.js';
import { share } from './hash.js';
import { domainOf, hostOf, pathOf } from './unit.js';

/** How much people talk about a page, 0 for most. Powers of ten of it are shares, a few of them posts. */
export function attentionOf(unit: string): number {
  const domain = domainOf(unit);
  if (classOf(domain) === 'dead') return 0;
  const page = `${hostOf(unit)}${pathOf(unit).replace(/\/$/, '')}`;
  const at = share(page, 'attention');
  const start = pathOf(unit) === '/' ? 1 : 0.75;
  const quiet = classOf(domain) === 'popular' ? 0.1 : 0.45;
  return at < quiet ? 0 : strengthOf(domain) * start * at;
}

/** A count of `most` at full attention, drawn for one network; 0 where nobody talks about the page there. */
export function talkOf(unit: string, network: string, powers: number): number {
  const attention = attentionOf(unit);
  if (attention === 0) return 0;
  const page = `${hostOf(unit)}${pathOf(unit).replace(/\/$/, '')}`;
  return Math.floor(10 ** (powers * attention) * (0.4 + 1.2 * share(page, `talk|${network}`))) - 1;
}
