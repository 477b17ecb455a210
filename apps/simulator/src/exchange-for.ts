import type { World } from './apis/api.js';
import { apiFor } from './apis/index.js';
import { webExchange } from './web/web-exchange.js';
import type { Exchange, WireRequest } from './wire/exchange.js';

/** Who is meant: a provider by its host name, else the ordinary web. */
export function exchangeFor(request: WireRequest, world: World): Exchange {
  return apiFor(request)?.exchange(request, world) ?? webExchange(request);
}
