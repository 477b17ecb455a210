import { gzipSync } from 'node:zlib';
import type { WireAnswer, WireRequest } from '../wire/exchange.js';
import { hash32 } from '../world/hash.js';
import { pageFacts, type PageFacts } from './page-facts.js';
import { renderPage } from './render-page.js';
import { routeOf, type Route } from './route.js';
import { siteOfHost, type Site } from './site.js';

/** Larger than any reader should take: 3 MiB. */
const LARGE = Buffer.from(`<!doctype html><title>Large</title><body>${'word '.repeat(600_000)}`);
const LAST_MODIFIED = 'Sun, 01 Nov 2026 08:00:00 GMT';

/** Answers one request of the ordinary web. Undefined `how`: an orderly answer. */
export function servePage(request: WireRequest, url: URL): WireAnswer {
  const route = routeOf(url);
  const site = siteOfHost(url.hostname);
  if (route.kind === 'html') return html(request, url, site);
  return other(route, url, site);
}

function html(request: WireRequest, url: URL, site: Site): WireAnswer {
  const etag = `"${hash32(url.href).toString(36)}"`;
  const headers = { ...baseHeaders(url, site), etag, 'last-modified': LAST_MODIFIED };
  if (request.headers['if-none-match'] === etag) return { status: 304, headers, body: '' };
  const facts = pageFacts(url, site);
  const body = encode(renderPage(facts, site, url), site);
  return packed(request, url, {
    status: 200,
    headers: { ...headers, 'content-type': contentType(site), ...robotsHeader(facts) },
    body,
  });
}

function other(route: Exclude<Route, { kind: 'html' }>, url: URL, site: Site): WireAnswer {
  const headers = baseHeaders(url, site);
  const text = { ...headers, 'content-type': 'text/html; charset=utf-8' };
  switch (route.kind) {
    case 'redirect':
      return { status: route.status, headers: { ...headers, location: route.location }, body: '' };
    case 'error':
      return { status: route.status, headers: text, body: errorPage(route.status) };
    case 'file':
      return { status: 200, headers: { ...headers, 'content-type': route.type }, body: 'simulated file\n' };
    case 'large':
      return { status: 200, headers: text, body: LARGE };
    case 'meta-refresh':
      return { status: 200, headers: text, body: refreshPage(route.location) };
    case 'broken':
      return { status: 200, headers: text, body: errorPage(200), breaks: route.how };
  }
}

function baseHeaders(url: URL, site: Site): Record<string, string> {
  const hsts = site.hsts && url.protocol === 'https:';
  return { server: 'simulated-web', ...(hsts && { 'strict-transport-security': 'max-age=31536000' }) };
}

function robotsHeader(facts: PageFacts): Record<string, string> {
  return facts.robotsInHeader && facts.robots.length > 0 ? { 'x-robots-tag': facts.robots.join(', ') } : {};
}

function contentType(site: Site): string {
  if (site.charset === 'utf-8') return 'text/html; charset=utf-8';
  return site.charset === 'iso-8859-1' ? 'text/html; charset=ISO-8859-1' : 'text/html';
}

function encode(html: string, site: Site): Buffer {
  return Buffer.from(html, site.charset.startsWith('utf-8') ? 'utf8' : 'latin1');
}

/** One page in ten is sent compressed to those who can read it. */
function packed(request: WireRequest, url: URL, answer: WireAnswer): WireAnswer {
  const accepts = String(request.headers['accept-encoding'] ?? '').includes('gzip');
  if (!accepts || hash32(`gzip|${url.href}`) % 10 !== 0) return answer;
  return {
    ...answer,
    headers: { ...answer.headers, 'content-encoding': 'gzip', vary: 'accept-encoding' },
    body: gzipSync(answer.body, { level: 1 }),
  };
}

function errorPage(status: number): string {
  return `<!doctype html>\n<html lang="en"><head><title>${status}</title></head><body><h1>${status}</h1></body></html>\n`;
}

function refreshPage(location: string): string {
  return `<!doctype html>\n<html lang="en"><head><title>Moved</title><meta http-equiv="refresh" content="0; url=${location}"></head><body><p>Moved</p></body></html>\n`;
}
