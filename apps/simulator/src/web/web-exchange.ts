import { classOf, registrableDomain } from '../world/domain-class.js';
import { hash32 } from '../world/hash.js';
import { isForbiddenHost } from '../world/special-names.js';
import {
  page,
  type Exchange,
  type ProviderWords,
  type WireAnswer,
  type WireRequest,
} from '../wire/exchange.js';
import { robotsText } from './robots.js';
import { servePage } from './serve-page.js';
import { siteOfHost, type Site } from './site.js';

const WORDS: ProviderWords = {
  tooMany: () => page(429, 'Too Many Requests'),
  broken: (status) => page(status, status === 503 ? 'Service Unavailable' : 'Internal Server Error'),
  unauthorised: () => page(403, 'Forbidden'),
};

/** A request to an ordinary site: its robots file, or a page. */
export function webExchange(request: WireRequest): Exchange {
  const url = new URL(`${request.secure ? 'https' : 'http'}://${request.host}${request.target}`);
  const site = siteOfHost(request.host);
  if (isForbiddenHost(request.host)) return stray('forbidden', url, page(200, 'Reached'));
  if (classOf(registrableDomain(request.host)) === 'dead')
    return stray('unregistered', url, page(421, 'Nobody here'));
  const isRobots = request.path === '/robots.txt';
  return {
    provider: isRobots ? 'robots' : 'page',
    asked: [isRobots ? { surface: 'robots', unit: url.origin } : { surface: 'page', unit: url.href }],
    unit: isRobots ? url.origin : url.href,
    slowMs: isRobots ? 0 : site.slowMs,
    answer: () => (isRobots ? robotsFile(url, site) : servePage(request, url)),
    words: WORDS,
  };
}

/** Where no request should ever arrive; counted under its own name, so that a test can ask for zero. */
function stray(provider: string, url: URL, answer: WireAnswer): Exchange {
  return {
    provider,
    asked: [{ surface: provider, unit: url.href }],
    unit: url.href,
    answer: () => answer,
    words: WORDS,
  };
}

/** A tenth of the sites that send pages to https send their robots file along. */
export function robotsRedirect(url: URL, site: Site): string | undefined {
  const redirects =
    site.toHttps && url.protocol === 'http:' && hash32(`robots-redirect|${site.domain}`) % 10 === 0;
  return redirects ? `https://${url.hostname}/robots.txt` : undefined;
}

function robotsFile(url: URL, site: Site): WireAnswer {
  const location = robotsRedirect(url, site);
  if (location) return { status: 301, headers: { location }, body: '' };
  if (site.robots === 'broken') return page(503, 'Service Unavailable');
  if (site.robots === 'missing') return page(404, 'Not Found');
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: robotsText(site) };
}
