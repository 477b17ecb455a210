import { parseUrl } from '@assay/contracts';
import { mentionsAnalytics } from './analytics.js';
import type { PageScan } from './page-scan.js';

export type Attributes = Readonly<Record<string, string | undefined>>;

export interface ElementReader {
  /** Attributes whose values are wanted; all others are skipped unread. */
  readonly wants: ReadonlySet<string>;
  read(scan: PageScan, attributes: Attributes): void;
}

const reader = (wants: string, read: ElementReader['read']): ElementReader => ({
  wants: new Set(wants.split(' ')),
  read,
});
const counter = (name: string): ElementReader => reader('', (scan) => scan.count(name));

/** Elements that say something, by name. */
export const ELEMENTS: ReadonlyMap<string, ElementReader> = new Map([
  ['a', reader('href rel', readAnchor)],
  ['area', reader('href rel', readAnchor)],
  ['base', reader('href', readBase)],
  ['body', reader('', (scan) => void (scan.headRead = true))],
  ['form', counter('form')],
  ['h1', counter('h1')],
  ['iframe', counter('iframe')],
  ['img', reader('alt', readImage)],
  ['input', reader('type', readInput)],
  ['link', reader('rel href hreflang', readLink)],
  ['meta', reader('name property content http-equiv', readMeta)],
  ['script', reader('src type', readScript)],
]);

const NO_TOKENS: ReadonlySet<string> = new Set();

function tokens(value: string | undefined): ReadonlySet<string> {
  return value ? new Set(value.toLowerCase().trim().split(/\s+/)) : NO_TOKENS;
}

function readAnchor(scan: PageScan, { href, rel }: Attributes): void {
  if (href === undefined) return;
  const relations = tokens(rel);
  const host = scan.links.add({ href, rel: relations });
  if (host === undefined) return;
  if (host === 'linkedin.com' || host.endsWith('.linkedin.com')) scan.hasLinkedin = true;
  scan.handles.addLink(href, host, relations.has('me'));
}

/** The first base of the head holds for all links behind it. */
function readBase(scan: PageScan, { href }: Attributes): void {
  if (href !== undefined && scan.counts.get('base') === undefined) {
    scan.count('base');
    scan.links.base = href;
  }
}

function readImage(scan: PageScan, { alt }: Attributes): void {
  scan.count('img');
  if (alt === undefined) scan.imagesWithoutAlt++;
}

function readInput(scan: PageScan, { type }: Attributes): void {
  if (type?.trim().toLowerCase() === 'password') scan.passwordInputs++;
}

/** A canonical in the body may have been written by a visitor: it does not count. */
function readLink(scan: PageScan, { rel, href, hreflang }: Attributes): void {
  const relations = tokens(rel);
  if (relations.has('canonical') && !scan.headRead) scan.canonical ??= href?.trim();
  if (relations.has('icon')) scan.hasFavicon = true;
  if (relations.has('alternate') && hreflang) scan.hreflangs++;
  const me = relations.has('me') && href ? parseUrl(href) : undefined;
  if (me) scan.handles.addLink(me.href, me.hostname, true);
}

function readMeta(scan: PageScan, attributes: Attributes): void {
  const content = attributes['content'] ?? '';
  const name = (attributes['name'] ?? attributes['property'] ?? '').trim().toLowerCase();
  if (attributes['http-equiv']?.trim().toLowerCase() === 'refresh' && /url\s{0,8}=/i.test(content))
    scan.metaRefreshes++;
  else if (name === 'robots' || (name !== '' && name === scan.agent)) scan.robots.push(content);
  else if (name === 'description') scan.description ??= collapse(content);
  else if (name === 'author') scan.author ??= collapse(content);
  else if (name === 'og:url' && !scan.headRead) scan.ogUrl ??= content.trim();
  else if (name === 'twitter:site') scan.handles.addTwitter(content);
  else if (name === 'fediverse:creator') scan.handles.addFediverse(content);
}

/** JavaScript types, modules and no type at all run; anything else is data. */
const RUNS = /^(?:|module|(?:text|application)\/(?:x-)?(?:java|ecma|j)script[^;]{0,20}(?:;.{0,64})?)$/i;

function readScript(scan: PageScan, { src, type }: Attributes): void {
  if (RUNS.test((type ?? '').trim())) scan.scripts++;
  if (src && mentionsAnalytics(src)) scan.hasAnalytics = true;
}

/** White space runs to one space, none at the ends. */
export function collapse(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
