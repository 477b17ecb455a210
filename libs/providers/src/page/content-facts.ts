import { parseUrl, type Facts } from '@assay/contracts';
import { canonicalFact } from './canonical.js';
import { readJsonLd } from './json-ld.js';
import type { PageScan } from './page-scan.js';

const LONGEST_AUTHOR = 512;
const MOST_AUTHOR_URLS = 16;

/** Facts in the markup. Of a page that was cut, only what its head gave: `whole` is false. */
export function contentFacts(scan: PageScan, finalUrl: URL, whole: boolean): Facts {
  const canonicalUrl = canonicalFact(scan, finalUrl);
  const facts: Facts = canonicalUrl === undefined ? {} : { canonicalUrl };
  if (!whole) return facts;
  const jsonLd = readJsonLd(scan.jsonLd);
  const author = (jsonLd.author ?? scan.author)?.slice(0, LONGEST_AUTHOR);
  if (author) facts.author = author;
  for (const href of jsonLd.authorUrls.slice(0, MOST_AUTHOR_URLS)) {
    const url = parseUrl(href);
    if (url) scan.handles.addLink(href, url.hostname, false);
  }
  const handles = scan.handles.toFact();
  if (handles) facts.handles = handles;
  return facts;
}
