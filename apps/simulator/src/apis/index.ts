import type { WireRequest } from '../wire/exchange.js';
import type { Api } from './api.js';
import { ahrefs, ahrefsDr } from './ahrefs.js';
import { bluesky } from './bluesky.js';
import { commoncrawl } from './commoncrawl.js';
import { crux } from './crux.js';
import { dataforseo } from './dataforseo.js';
import { dns } from './dns-json.js';
import { facebook } from './facebook.js';
import { github } from './github.js';
import { greenweb } from './greenweb.js';
import { hackernews } from './hackernews.js';
import { majestic } from './majestic.js';
import { mastodon } from './mastodon.js';
import { moz } from './moz.js';
import { observatory } from './observatory.js';
import { openpagerank } from './openpagerank.js';
import { pagespeed } from './pagespeed.js';
import { phishtank } from './phishtank.js';
import { radar } from './radar.js';
import { rdap } from './rdap.js';
import { reddit } from './reddit.js';
import { safebrowsing } from './safebrowsing.js';
import { semrush } from './semrush.js';
import { sharedcount } from './sharedcount.js';
import { sharethis } from './sharethis.js';
import { stackexchange } from './stackexchange.js';
import { tranco } from './tranco.js';
import { urlhaus } from './urlhaus.js';
import { virustotal } from './virustotal.js';
import { wayback } from './wayback.js';
import { webrisk } from './webrisk.js';
import { wikipedia } from './wikipedia.js';

/** Every provider with an API of its own; the ordinary web is apart. */
export const APIS: readonly Api[] = [
  ahrefs,
  ahrefsDr,
  bluesky,
  commoncrawl,
  crux,
  dataforseo,
  dns,
  facebook,
  github,
  greenweb,
  hackernews,
  majestic,
  mastodon,
  moz,
  observatory,
  openpagerank,
  pagespeed,
  phishtank,
  radar,
  rdap,
  reddit,
  safebrowsing,
  semrush,
  sharedcount,
  sharethis,
  stackexchange,
  tranco,
  urlhaus,
  virustotal,
  wayback,
  webrisk,
  wikipedia,
];

const BY_HOST: ReadonlyMap<string, Api> = new Map(
  APIS.flatMap((api) => api.hosts.map((host) => [host, api] as const)),
);
const ANYWHERE = APIS.filter(({ owns }) => owns);

/** Undefined: the ordinary web. */
export function apiFor(request: WireRequest): Api | undefined {
  return BY_HOST.get(request.host) ?? ANYWHERE.find(({ owns }) => owns?.(request));
}

/** Providers whose calls can be limited: the ordinary web and the list of registries have no limit of their own. */
export const LIMITED_PROVIDERS: ReadonlySet<string> = new Set([
  'page',
  'robots',
  ...APIS.map(({ id }) => id),
  'rdap-bootstrap',
]);
