import { classOf, strengthOf } from './domain-class.js';
import { share } from './hash.js';
import { domainOf, hostOf, pathOf } from './unit.js';

export type LinkScope = 'url' | 'host' | 'domain';

/** Links to a page, a host or a domain as they are; each provider sees them through noise of its own. */
export interface LinkProfile {
  /** 0–100. */
  readonly authority: number;
  readonly referringDomains: number;
  readonly backlinks: number;
  /** Share of the links that carry nofollow, 0–0.3. */
  readonly nofollow: number;
  /** 0–100. */
  readonly spam: number;
}

/** Undefined: nobody owns the domain, and no index holds it. Spam has many links from few domains. */
export function linkProfileOf(unit: string, scope: LinkScope): LinkProfile | undefined {
  const domain = domainOf(unit);
  const is = classOf(domain);
  if (is === 'dead') return undefined;
  const strength = strengthOf(domain);
  const part = scope === 'domain' ? 1 : scope === 'host' ? hostPart(unit) : pagePart(unit);
  const domains = Math.round(10 ** (5.8 * strength) * part);
  const each = is === 'spam' ? 200 + 900 * share(domain, 'each') : 4 + 60 * share(domain, 'each');
  return {
    authority: Math.round(100 * strength * (scope === 'url' ? 0.4 + 0.6 * part : 1)),
    referringDomains: domains,
    backlinks: Math.round(domains * each),
    nofollow: 0.3 * share(domain, 'nofollow'),
    spam: spamOf(domain),
  };
}

/** www or the bare domain has most of a domain's links. */
function hostPart(unit: string): number {
  const host = hostOf(unit);
  return host === domainOf(unit) || host.startsWith('www.') ? 0.8 : 0.02 + 0.2 * share(host, 'host-part');
}

/** The start page has some of a site's links, any other page a few; some pages none. */
function pagePart(unit: string): number {
  const path = pathOf(unit);
  if (path === '/') return 0.3;
  const at = share(`${hostOf(unit)}${path}`, 'page-part');
  return at < 0.25 ? 0 : 0.05 * at * at;
}

function spamOf(domain: string): number {
  const at = share(domain, 'spam-score');
  const is = classOf(domain);
  if (is === 'spam') return 40 + Math.round(at * 59);
  return 1 + Math.round(at * at * (is === 'young' ? 60 : is === 'popular' ? 8 : 25));
}

/** A count as a provider sees it: 70–130 % of the truth, the same each time. */
export function seenBy(provider: string, count: number, unit: string): number {
  return Math.round(count * (0.7 + 0.6 * share(unit, `seen|${provider}`)));
}

/** True for the share of units that a provider's index does not hold: more of the weak ones. */
export function isUnseenBy(provider: string, unit: string): boolean {
  const odds = { popular: 0, ordinary: 0.04, young: 0.3, spam: 0.15, dead: 1 }[classOf(domainOf(unit))];
  return share(unit, `unseen|${provider}`) < odds;
}
