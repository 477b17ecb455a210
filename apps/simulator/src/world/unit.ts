import { parseUrl } from '@assay/contracts';
import { registrableDomain } from './domain-class.js';

/** Host of a URL, of an address without its scheme, or the host itself; lower case. */
export function hostOf(unit: string): string {
  const url = parseUrl(unit) ?? parseUrl(`https://${unit}`);
  return url?.hostname ?? unit.toLowerCase();
}

export function domainOf(unit: string): string {
  return registrableDomain(hostOf(unit));
}

export function isAddress(unit: string): boolean {
  return /^[\d.]+$|^\[|:/.test(unit) && !unit.includes('/');
}

/** Path and query of a URL; `/` for what has none. */
export function pathOf(unit: string): string {
  const url = parseUrl(unit) ?? parseUrl(`https://${unit}`);
  return url ? `${url.pathname}${url.search}` : '/';
}

/** Percent-decoded; what is no such text stays as it is. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
