import { getDomain } from 'tldts';

/** Private suffixes count: `a.github.io` and `b.github.io` belong to different people. */
const OPTIONS = { allowPrivateDomains: true, validateHostname: false } as const;

/**
 * Registrable domain of a lower-case host by the public suffix list bundled with tldts.
 * The host itself where there is none: an IP address, a bare public suffix, a name of one label.
 */
export function registrableDomain(host: string): string {
  return getDomain(host, OPTIONS) ?? host;
}
