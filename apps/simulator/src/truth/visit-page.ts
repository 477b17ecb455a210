import { parseUrl } from '@assay/contracts';
import { classOf, registrableDomain } from '../world/domain-class.js';
import { resolve } from '../world/resolve.js';
import { isForbiddenHost } from '../world/special-names.js';
import { pageFacts, type PageFacts } from '../web/page-facts.js';
import { pageNumbers } from '../web/page-numbers.js';
import { renderPage } from '../web/render-page.js';
import { robotsAllow } from '../web/robots.js';
import { routeOf, type Route } from '../web/route.js';
import { siteOfHost, type Site } from '../web/site.js';
import type { Truth } from './expected.js';

const MOST_REDIRECTS = 10;
const BAD_TLS = /^(expired|wrong-name|foreign)-tls\.page\.test$/;

/** Follows a page from its address to where it ends, as an honest visitor would. */
export function visitPage(unit: string): Truth {
  const first = parseUrl(unit);
  if (!first) return failed('bad_url', unit, 0);
  let url = first;
  for (let redirects = 0; ; redirects++) {
    const stop = obstacle(url, redirects);
    if (stop) return stop;
    const route = routeOf(url);
    if (route.kind !== 'redirect') return arrived(url, route, redirects);
    if (redirects === MOST_REDIRECTS) return failed('too_many_redirects', url.href, redirects);
    url = new URL(route.location, url);
    if (!/^https?:$/.test(url.protocol)) return failed('unsupported_scheme', url.href, redirects);
  }
}

/** What keeps a visitor from asking for this page at all. */
function obstacle(url: URL, redirects: number): Truth | undefined {
  const host = url.hostname;
  const why = unreachable(url);
  if (why) return failed(why, url.href, redirects);
  if (robotsAllow(siteOfHost(host), `${url.pathname}${url.search}`)) return undefined;
  return { outcome: 'skipped', reason: 'robots', numbers: {}, facts: { lastUrl: url.href } };
}

/** Why no connection to the host of a URL comes about; undefined: it does. */
export function unreachable(url: URL): string | undefined {
  const host = url.hostname;
  if (url.port !== '') return 'blocked_port';
  if (isForbiddenHost(host)) return 'blocked_address';
  const isAddress = /^[\d.]+$|^\[/.test(host);
  if (!isAddress && (classOf(registrableDomain(host)) === 'dead' || resolve(host, 'A').status !== 'noerror'))
    return 'dns';
  return url.protocol === 'https:' && BAD_TLS.test(host) ? 'tls' : undefined;
}

function failed(reason: string, lastUrl: string, redirects: number): Truth {
  return { outcome: 'failed', reason, numbers: {}, facts: { lastUrl, redirects } };
}

function arrived(url: URL, route: Exclude<Route, { kind: 'redirect' }>, redirects: number): Truth {
  if (route.kind === 'broken' && route.how !== 'empty') return failed(route.how, url.href, redirects);
  const status = route.kind === 'error' ? route.status : 200;
  const common = {
    http_status: status,
    redirect_count: redirects,
    final_url: url.href,
    https: url.protocol === 'https:',
    hsts: siteOfHost(url.hostname).hsts && url.protocol === 'https:',
  };
  if (route.kind !== 'html') {
    const type = route.kind === 'file' ? route.type : 'text/html';
    return {
      outcome: 'ok',
      reason: route.kind,
      numbers: common,
      facts: { ...finals(url), contentType: type },
    };
  }
  const site = siteOfHost(url.hostname);
  const facts = pageFacts(url, site);
  return {
    outcome: 'ok',
    numbers: {
      ...common,
      bytes: bytesOf(facts, site, url),
      ...pageNumbers(facts, site, url),
    } as Truth['numbers'],
    facts: { ...finals(url), ...canonicalFact(facts, site), handles: facts.handles, author: facts.author },
  };
}

function finals(url: URL): Record<string, string> {
  return { finalUrl: url.href, finalHost: url.hostname, finalDomain: registrableDomain(url.hostname) };
}

/** A canonical address counts only where it stays on the site. */
function canonicalFact(facts: PageFacts, site: Site): { canonicalUrl?: string } {
  if (!facts.canonical) return {};
  const { hostname } = new URL(facts.canonical);
  return registrableDomain(hostname) === site.domain ? { canonicalUrl: facts.canonical } : {};
}

/** Uncompressed, as encoded on the wire. */
function bytesOf(facts: PageFacts, site: Site, url: URL): number {
  const html = renderPage(facts, site, url);
  return Buffer.byteLength(html, site.charset.startsWith('utf-8') ? 'utf8' : 'latin1');
}
