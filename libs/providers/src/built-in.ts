import { ahrefs } from './ahrefs/ahrefs.js';
import { ahrefsDr } from './ahrefs-dr/ahrefs-dr.js';
import { bluesky } from './bluesky/bluesky.js';
import { commoncrawl } from './commoncrawl/commoncrawl.js';
import { crux } from './crux/crux.js';
import { dataforseo } from './dataforseo/dataforseo.js';
import { dns } from './dns/dns.js';
import { facebook } from './facebook/facebook.js';
import { github } from './github/github.js';
import { greenweb } from './greenweb/greenweb.js';
import { hackernews } from './hackernews/hackernews.js';
import { majestic } from './majestic/majestic.js';
import { mastodon } from './mastodon/mastodon.js';
import { moz } from './moz/moz.js';
import { observatory } from './observatory/observatory.js';
import { openpagerank } from './openpagerank/openpagerank.js';
import { page } from './page/page.js';
import { pagespeed } from './pagespeed/pagespeed.js';
import { phishtank } from './phishtank/phishtank.js';
import type { Provider } from './provider.js';
import { radar } from './radar/radar.js';
import { rdap } from './rdap/rdap.js';
import { reddit } from './reddit/reddit.js';
import { robots } from './robots/robots.js';
import { safebrowsing } from './safebrowsing/safebrowsing.js';
import { semrush } from './semrush/semrush.js';
import { sharedcount } from './sharedcount/sharedcount.js';
import { sharethis } from './sharethis/sharethis.js';
import { stackexchange } from './stackexchange/stackexchange.js';
import { tranco } from './tranco/tranco.js';
import { urlhaus } from './urlhaus/urlhaus.js';
import { virustotal } from './virustotal/virustotal.js';
import { wayback } from './wayback/wayback.js';
import { webrisk } from './webrisk/webrisk.js';
import { wikipedia } from './wikipedia/wikipedia.js';

/** All providers of this project, in the order in which people see them: round one, then round two by what it is about. */
export const builtInProviders: Provider[] = [
  page,
  robots,
  dns,
  rdap,
  safebrowsing,
  webrisk,
  urlhaus,
  phishtank,
  tranco,
  radar,
  ahrefsDr,
  openpagerank,
  moz,
  majestic,
  ahrefs,
  dataforseo,
  semrush,
  pagespeed,
  crux,
  observatory,
  greenweb,
  hackernews,
  wikipedia,
  wayback,
  commoncrawl,
  stackexchange,
  reddit,
  sharedcount,
  sharethis,
  facebook,
  bluesky,
  mastodon,
  github,
  virustotal,
];
