import { DNS_HOSTS, dnsJson } from './apis/dns-json.js';
import { MOZ_HOST, moz, type RowsUsed } from './apis/moz.js';
import { OPENPAGERANK_HOST, openpagerank } from './apis/openpagerank.js';
import { BOOTSTRAP_HOST, rdap, rdapBootstrap } from './apis/rdap.js';
import { SAFEBROWSING_HOST, safebrowsing } from './apis/safebrowsing.js';
import { webExchange } from './web/web-exchange.js';
import type { Exchange, WireRequest } from './wire/exchange.js';
import { RDAP_HOSTS } from './world/registries.js';

/** What an exchange needs from outside its request. */
export interface World {
  /** Day from which ages are counted, in milliseconds since 1970. */
  readonly anchor: number;
  readonly mozRowsUsed: RowsUsed;
}

/** Who is meant: a provider by its host name, else the ordinary web. */
export function exchangeFor(request: WireRequest, world: World): Exchange {
  const { host } = request;
  if (DNS_HOSTS.has(host)) return dnsJson(request);
  if (host === BOOTSTRAP_HOST && request.path.startsWith('/rdap/')) return rdapBootstrap(request);
  if (RDAP_HOSTS.has(host)) return rdap(request, world.anchor);
  if (host === SAFEBROWSING_HOST) return safebrowsing(request);
  if (host === OPENPAGERANK_HOST) return openpagerank(request);
  if (host === MOZ_HOST) return moz(request, world.mozRowsUsed);
  return webExchange(request);
}
