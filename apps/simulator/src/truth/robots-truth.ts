import { parseUrl } from '@assay/contracts';
import { crawlDelayOf, robotsAllow } from '../web/robots.js';
import { robotsRedirect } from '../web/web-exchange.js';
import { siteOfHost } from '../web/site.js';
import { none, type Truth } from './expected.js';
import { unreachable } from './visit-page.js';

/** What robots.txt of an origin says to us. */
export function robotsTruth(unit: string): Truth {
  const url = parseUrl('/', unit);
  if (!url) return none('failed', 'bad_url');
  const stop = unreachable(url);
  if (stop) return none('failed', stop);
  const site = siteOfHost(url.hostname);
  const moved = robotsRedirect(url, site);
  if (moved) return robotsTruth(new URL(moved).origin);
  if (site.robots === 'broken') return { outcome: 'ok', numbers: { http_status: 503, allows_root: false } };
  if (site.robots === 'missing') return { outcome: 'ok', numbers: { http_status: 404, allows_root: true } };
  const delay = crawlDelayOf(site);
  return {
    outcome: 'ok',
    numbers: {
      http_status: 200,
      allows_root: robotsAllow(site, '/'),
      sitemap_count: 1,
      ...(delay !== undefined && { crawl_delay_s: delay }),
    },
  };
}
