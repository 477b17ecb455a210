import { parseUrl } from '@assay/contracts';
/**
 * A URL as two services may write it differently: without its scheme, its fragment and a slash at the end, the host in
 * lower case. Undefined for what is no http or https URL. Names and passwords stay out, ports and queries stay in.
 */
export function pageKey(url: string): string | undefined {
  const text = /^[a-z][a-z0-9+.-]*:/i.test(url) ? url : `http://${url.replace(/^\/\//, '')}`;
  const parsed = parseUrl(text);
  if (!parsed) return undefined;
  const { protocol, host, pathname, search } = parsed;
  if (protocol !== 'http:' && protocol !== 'https:') return undefined;
  return `${host}${pathname.replace(/\/$/, '')}${search}`;
}

/** The URL as providers want it that take none with a scheme: no scheme, no user, no fragment. */
export function withoutScheme(url: string): string {
  const parsed = parseUrl(url);
  if (!parsed) return url;
  const { host, pathname, search } = parsed;
  return `${host}${pathname}${search}`;
}
