import type { WireRequest } from '../wire/exchange.js';
import type { Api } from './api.js';
import { dns } from './dns-json.js';
import { moz } from './moz.js';
import { openpagerank } from './openpagerank.js';
import { rdap } from './rdap.js';
import { safebrowsing } from './safebrowsing.js';

/** Every provider with an API of its own; the ordinary web is apart. */
export const APIS: readonly Api[] = [dns, rdap, safebrowsing, openpagerank, moz];

const BY_HOST: ReadonlyMap<string, Api> = new Map(
  APIS.flatMap((api) => api.hosts.map((host) => [host, api] as const)),
);
const ANYWHERE = APIS.filter(({ owns }) => owns);

/** Undefined: the ordinary web. */
export function apiFor(request: WireRequest): Api | undefined {
  return BY_HOST.get(request.host) ?? ANYWHERE.find(({ owns }) => owns?.(request));
}
