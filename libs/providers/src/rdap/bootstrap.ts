import { parseUrl } from '@assay/contracts';
import type { JsonObject } from '../read-json.js';

/** Lower-case suffix without a leading dot to the base address of its server, which ends in a slash. */
export type Servers = ReadonlyMap<string, string>;

/** RFC 9224 `services`: pairs of suffixes and addresses. undefined for a file of another shape. */
export function readServers(file: JsonObject): Servers | undefined {
  const { services } = file;
  if (!Array.isArray(services)) return undefined;
  const servers = new Map<string, string>();
  for (const service of services as unknown[]) addService(servers, service);
  return servers.size > 0 ? servers : undefined;
}

function addService(servers: Map<string, string>, service: unknown): void {
  if (!Array.isArray(service) || !Array.isArray(service[0]) || !Array.isArray(service[1])) return;
  const base = bestAddress(service[1]);
  if (base === undefined) return;
  for (const suffix of service[0] as unknown[]) {
    if (typeof suffix === 'string') servers.set(suffix.toLowerCase(), base);
  }
}

/** https before http, as the RFC wishes. */
function bestAddress(addresses: readonly unknown[]): string | undefined {
  const usable = addresses.filter(
    (address): address is string => typeof address === 'string' && isWeb(address),
  );
  const best = usable.find((address) => address.startsWith('https:')) ?? usable[0];
  if (best === undefined) return undefined;
  return best.endsWith('/') ? best : `${best}/`;
}

function isWeb(address: string): boolean {
  return /^https?:\/\//.test(address) && parseUrl(address) !== undefined;
}

/** Base address of the server for a domain, by its longest suffix; undefined where none is known. */
export function serverFor(domain: string, servers: Servers): string | undefined {
  let rest = domain;
  for (;;) {
    const base = servers.get(rest);
    if (base !== undefined) return base;
    const dot = rest.indexOf('.');
    if (dot < 0) return undefined;
    rest = rest.slice(dot + 1);
  }
}
