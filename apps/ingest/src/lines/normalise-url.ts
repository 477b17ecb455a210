import { parseUrl } from '@assay/contracts';
import { registrableDomain } from '@assay/providers';

export const LONGEST_URL_BYTES = 8_192;

/** A URL in normal form with what it is grouped by, or the reason why a line is none. */
export type NormalisedLine =
  | { readonly ok: true; readonly url: string; readonly host: string; readonly domain: string }
  | { readonly ok: false; readonly reason: string };

const SCHEME = /^([a-z][a-z0-9+.-]*):/i;
const PRINTABLE_ASCII = /^[\x21-\x7e]+$/;
const CONTROL = /[\u0000-\u001f\u007f]/;
const NOT_UTF8 = /[\uFFFD\p{Surrogate}]/u;

/**
 * Normal form by the WHATWG URL standard: http and https only, lower-case host, no default port, no
 * fragment, at most 8,192 bytes. Path and query stay as the standard writes them, parameters in their order.
 * A URL with a user name or password is refused: it would hand them to every provider.
 */
export function normaliseLine(line: string): NormalisedLine {
  const text = line.trim();
  const fault = faultOfText(text);
  if (fault) return { ok: false, reason: fault };
  const parsed = parse(text);
  if (!parsed) return { ok: false, reason: reasonOf(text) };
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')
    return { ok: false, reason: reasonOf(text) };
  if (parsed.username || parsed.password) return { ok: false, reason: CREDENTIALS };
  const fragment = parsed.href.indexOf('#');
  const url = fragment < 0 ? parsed.href : parsed.href.slice(0, fragment);
  if (url.length > LONGEST_URL_BYTES) return { ok: false, reason: TOO_LONG };
  const host = parsed.hostname;
  if (!isPossibleHost(host)) return { ok: false, reason: IMPOSSIBLE_HOST };
  return { ok: true, url, host, domain: registrableDomain(host) };
}

const CREDENTIALS =
  'The URL holds a user name or password, which would go to every provider: hand it in without.';
const TOO_LONG = `Longer than ${LONGEST_URL_BYTES.toLocaleString('en')} bytes.`;
export const LINE_TOO_LONG = TOO_LONG;

const IMPOSSIBLE_HOST =
  'The host name cannot exist: a part of it is empty, or longer than 63 characters, or all of it than 253.';

/** A name by RFC 1035, with or without the dot of the root, or an address. */
function isPossibleHost(host: string): boolean {
  if (host.startsWith('[')) return true;
  const name = host.endsWith('.') ? host.slice(0, -1) : host;
  return name.length <= 253 && name.split('.').every((label) => label.length >= 1 && label.length <= 63);
}

function parse(text: string): URL | undefined {
  // The standard repairs `http:example.com` and `http:/x`; in a list these are typing errors.
  if (!/^https?:\/\//i.test(text)) return undefined;
  return parseUrl(text);
}

function faultOfText(text: string): string | undefined {
  if (text === '') return 'Empty.';
  if (PRINTABLE_ASCII.test(text)) return undefined;
  if (text.includes('\t')) return 'Holds a tab. For a table, send text/csv with the URL in the first column.';
  if (CONTROL.test(text)) return 'Holds control characters: not text, or a line break in the wrong place.';
  if (NOT_UTF8.test(text)) return 'Holds bytes that are not UTF-8. Save the list as UTF-8.';
  return undefined;
}

/** Why a text that is not an http or https URL is refused, and what to write instead. */
function reasonOf(text: string): string {
  const scheme = SCHEME.exec(text)?.[1]?.toLowerCase();
  if (scheme === 'http' || scheme === 'https') {
    return /^https?:\/\//i.test(text)
      ? 'Not a URL: the host or port is not valid.'
      : `Not a URL: write ${scheme}:// with two slashes.`;
  }
  if (looksLikeHost(text)) return `No http:// or https:// in front. Write https://${shown(text)}`;
  if (scheme && !scheme.includes('.'))
    return `Scheme ${shown(scheme)}: is not supported, only http and https.`;
  return 'Not a URL: it must start with http:// or https://';
}

function looksLikeHost(text: string): boolean {
  const rest = text.startsWith('//') ? text.slice(2) : text;
  return /^([\p{L}\p{N}-]+\.)+[\p{L}\p{N}-]{2,}\.?(:\d+)?([/?#]|$)/u.test(rest) && !/\s/.test(rest);
}

function shown(text: string): string {
  const rest = text.replace(/^\/\//, '');
  return rest.length > 100 ? `${rest.slice(0, 100)}…` : rest;
}
