import { parseUrl } from '@assay/contracts';
import { registrableDomain } from '../registrable-domain.js';
import type { PageScan } from './page-scan.js';

const LONGEST_URL = 8192;

/** Address that a page names as its own, without a fragment; undefined for none and for no web address. */
export function resolveCanonical(href: string | undefined, base: string): URL | undefined {
  const url = href ? parseUrl(href, base) : undefined;
  if (!url) return undefined;
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined;
  url.hash = '';
  return url;
}

/** A page may speak for its own registrable domain only. */
export function isSameSite(url: URL, finalUrl: URL): boolean {
  return registrableDomain(url.hostname) === registrableDomain(finalUrl.hostname);
}

/** rel=canonical where there is one, else og:url; undefined where it leaves the site. */
export function canonicalFact(scan: PageScan, finalUrl: URL): string | undefined {
  const href = scan.canonical ?? scan.ogUrl;
  const url = resolveCanonical(href, scan.links.base);
  if (!url || !isSameSite(url, finalUrl) || url.username || url.href.length > LONGEST_URL) return undefined;
  return url.href;
}
