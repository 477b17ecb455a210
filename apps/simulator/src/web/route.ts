import { draws, type Draws } from '../world/hash.js';
import { siteOfHost, type Site } from './site.js';
import { testRoute, type Route } from './test-pages.js';

export type { Route } from './test-pages.js';

const FILE_TYPES: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  png: 'image/png',
  jpg: 'image/jpeg',
  gif: 'image/gif',
  svg: 'image/svg+xml',
  ico: 'image/x-icon',
  zip: 'application/zip',
  json: 'application/json',
  xml: 'application/xml',
  txt: 'text/plain; charset=utf-8',
  css: 'text/css',
  js: 'text/javascript',
};
const REDIRECT_STATUSES = [301, 301, 301, 302, 303, 307, 308] as const;

/** What the ordinary web answers to this URL. The same each time. */
export function routeOf(url: URL): Route {
  const test = testRoute(url);
  if (test) return test;
  const site = siteOfHost(url.hostname);
  const onward = siteRedirect(url, site);
  if (onward) return onward;
  if (url.pathname === '/') return { kind: 'html' };
  const type = FILE_TYPES[/\.([a-z]{2,4})$/i.exec(url.pathname)?.[1]?.toLowerCase() ?? ''];
  if (type) return { kind: 'file', type };
  return pathRoute(url, site);
}

/** Moved site, then https, then www: one hop each, as real servers do it. */
function siteRedirect(url: URL, site: Site): Route | undefined {
  const status = draws(`status|${url.host}`).pick(REDIRECT_STATUSES);
  if (site.movedTo) return { kind: 'redirect', status, location: `https://${site.movedTo}/` };
  if (site.toHttps && url.protocol === 'http:')
    return { kind: 'redirect', status, location: `https://${url.hostname}${url.pathname}${url.search}` };
  const host = preferredHost(url.hostname, site);
  if (host === url.hostname) return undefined;
  return { kind: 'redirect', status, location: `${url.protocol}//${host}${url.pathname}${url.search}` };
}

function preferredHost(host: string, site: Site): string {
  if (site.www === 'to-www' && host === site.domain && isName(host)) return `www.${host}`;
  if (site.www === 'to-bare' && host === `www.${site.domain}`) return site.domain;
  return host;
}

/** `www.` before an address or before a public suffix (`gov.uk`) would make no sense. */
function isName(host: string): boolean {
  return /^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z][a-z0-9-]+$/.test(host) && !host.startsWith('www.');
}

function pathRoute(url: URL, site: Site): Route {
  const draw = draws(`path|${url.hostname}${url.pathname}${url.search}`);
  const fame = site.class === 'popular' ? 0.4 : site.class === 'spam' ? 2 : 1;
  if (draw.chance(0.05 * fame)) return { kind: 'error', status: 404 };
  if (draw.chance(0.01 * fame)) return { kind: 'error', status: 410 };
  if (draw.chance(0.012 * fame)) return { kind: 'error', status: draw.pick([500, 500, 503]) };
  if (draw.chance(0.008 * fame)) return { kind: 'error', status: 403 };
  if (draw.chance(0.02)) return { kind: 'file', type: 'application/pdf' };
  return movedPath(url, draw) ?? { kind: 'html' };
}

/** Some pages have a new path; a path under /moved/ never moves again. */
function movedPath(url: URL, draw: Draws): Route | undefined {
  if (url.pathname.startsWith('/moved/') || !draw.chance(0.04)) return undefined;
  return { kind: 'redirect', status: draw.pick(REDIRECT_STATUSES), location: `/moved${url.pathname}` };
}
