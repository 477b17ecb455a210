import { isIP } from 'node:net';
import { getDomain, parse } from 'tldts';

/** Private suffixes count: `a.github.io` and `b.github.io` belong to different people. */
const OPTIONS = { allowPrivateDomains: true, validateHostname: false } as const;

/**
 * Registrable domain of a lower-case host by the public suffix list bundled with tldts.
 * The host itself where there is none: an IP address, a bare public suffix, a name of one label.
 */
export function registrableDomain(host: string): string {
  return getDomain(host, OPTIONS) ?? host;
}

/** What a registry sells a name under: `github.io` for `a.github.io`. undefined where there is none. */
export function registeredName(host: string): string | undefined {
  return getDomain(host, { allowPrivateDomains: false, validateHostname: false }) ?? undefined;
}

/** Lies under a suffix that a company runs, such as `a.github.io`: no registry knows it. */
export function isUnderPrivateSuffix(domain: string): boolean {
  return parse(domain, OPTIONS).isPrivate === true;
}

/** An address in place of a name; IPv6 with or without brackets. */
export function isIpAddress(host: string): boolean {
  return isIP(host.startsWith('[') ? host.slice(1, -1) : host) !== 0;
}
