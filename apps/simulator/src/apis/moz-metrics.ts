import { parseUrl } from '@assay/contracts';
import { classOf, registrableDomain, strengthOf } from '../world/domain-class.js';
import { hash32, share } from '../world/hash.js';
import { phrase } from '../web/words.js';

export const SCOPES = ['domain', 'subdomain', 'subfolder', 'url'] as const;
export type Scope = (typeof SCOPES)[number];

/** As the wire has them. `null`: the provider does not know; spam_score -1: not evaluated. */
export type MozMetrics = Readonly<Record<string, number | string | null>>;

/** Undefined: not a site's name. Null: not in the index, as for a domain that nobody owns. */
export function mozMetrics(query: string, scope: Scope): MozMetrics | null | undefined {
  const url = parseUrl(query) ?? parseUrl(`https://${query}`);
  if (!url?.hostname.includes('.')) return undefined;
  const { hostname, pathname, search } = url;
  const domain = registrableDomain(hostname);
  if (classOf(domain) === 'dead') return null;
  const path = scope === 'url' || scope === 'subfolder' ? `${pathname}${search}` : '/';
  const page = `${scope === 'domain' ? domain : hostname}${path}`;
  return metricsOf(domain, hostname, page, path);
}

function metricsOf(domain: string, hostname: string, page: string, path: string): MozMetrics {
  const strength = strengthOf(domain);
  const links = linksOf(domain, strength);
  const depth = path === '/' ? 1 : 0.35 + 0.5 * share(page, 'page-strength');
  const toPage = Math.round(links.external_pages_to_root_domain * depth * depth * 0.4);
  const crawled = share(page, 'crawled') < 0.93;
  return {
    page,
    subdomain: hostname,
    root_domain: domain,
    title: crawled ? phrase(`title|${page}`, 5) : '',
    last_crawled: crawled ? `2026-${month(page)}-${day(page)}` : null,
    http_code: crawled ? 200 : null,
    pages_to_page: Math.round(toPage * 1.4),
    external_pages_to_page: toPage,
    external_nofollow_pages_to_page: Math.round(toPage * 0.1 * share(page, 'nofollow')),
    root_domains_to_page: Math.round(links.root_domains_to_root_domain * depth * depth * 0.3),
    ...links,
    page_authority: Math.max(1, Math.round(100 * strength * depth)),
    domain_authority: Math.max(1, Math.round(100 * strength)),
    link_propensity: Math.round(share(domain, 'propensity') * 2e8) / 1e10,
    spam_score: spamScoreOf(domain),
    root_domains_from_page: hash32(`from|${page}`) % 30,
    pages_from_page: hash32(`pages-from|${page}`) % 90,
    root_domains_from_root_domain: Math.round(10 ** (5 * strength) * 0.4),
    pages_crawled_from_root_domain: Math.round(10 ** (1 + 6 * strength)),
  };
}

type LinkCounts = Record<
  | 'root_domains_to_root_domain'
  | 'external_pages_to_root_domain'
  | 'external_nofollow_pages_to_root_domain'
  | 'nofollow_root_domains_to_root_domain'
  | 'deleted_pages_to_root_domain',
  number
>;

/** Spam has many links from few domains. */
function linksOf(domain: string, strength: number): LinkCounts {
  const domains = Math.round(10 ** (5.8 * strength));
  const each =
    classOf(domain) === 'spam' ? 200 + 900 * share(domain, 'each') : 4 + 60 * share(domain, 'each');
  const pages = Math.round(domains * each);
  return {
    root_domains_to_root_domain: domains,
    external_pages_to_root_domain: pages,
    external_nofollow_pages_to_root_domain: Math.round(pages * 0.3 * share(domain, 'nofollow')),
    nofollow_root_domains_to_root_domain: Math.round(domains * 0.4 * share(domain, 'nofollow')),
    deleted_pages_to_root_domain: Math.round(pages * 0.5 * share(domain, 'deleted')),
  };
}

function spamScoreOf(domain: string): number {
  const at = share(domain, 'spam-score');
  const is = classOf(domain);
  if (share(domain, 'evaluated') < (is === 'young' ? 0.5 : 0.05)) return -1;
  if (is === 'spam') return 40 + Math.round(at * 59);
  return 1 + Math.round(at * at * (is === 'young' ? 60 : is === 'popular' ? 8 : 25));
}

function month(page: string): string {
  return String(1 + (hash32(`m|${page}`) % 10)).padStart(2, '0');
}

function day(page: string): string {
  return String(1 + (hash32(`d|${page}`) % 28)).padStart(2, '0');
}
