import type { Reply } from '../classify-reply.js';
import type { MetricValue } from '../provider.js';
import { isSameSite, resolveCanonical } from './canonical.js';
import { headerDirectives, readDirectives } from './directives.js';
import { readJsonLd } from './json-ld.js';
import type { PageScan } from './page-scan.js';
import { VisibleText } from './visible-text.js';

type Numbers = Record<string, MetricValue>;

/** Numbers of the head and of the reply's own headers. What a head that was read does not have is a measured 0. */
export function headNumbers(scan: PageScan, url: URL, reply: Reply): Numbers {
  const header = headerDirectives(reply.headers['x-robots-tag'] ?? '', scan.agent);
  return {
    title_length: scan.title?.length ?? 0,
    meta_description_length: scan.description?.length ?? 0,
    ...readDirectives([...scan.robots, ...header]),
    ...canonicalNumbers(scan, url),
    hreflang_count: scan.hreflangs,
    has_favicon: scan.hasFavicon,
    meta_refresh_count: scan.metaRefreshes,
  };
}

function canonicalNumbers(scan: PageScan, url: URL): Numbers {
  const canonical = resolveCanonical(scan.canonical, scan.links.base);
  const named = canonical ?? resolveCanonical(scan.ogUrl, scan.links.base);
  return {
    has_canonical: scan.canonical !== undefined,
    canonical_self: canonical?.href === url.href,
    canonical_off_site: named !== undefined && !isSameSite(named, url),
  };
}

export function bodyNumbers(scan: PageScan, markupLength: number): Numbers {
  const { text, links } = scan;
  const numbers: Numbers = {
    h1_count: scan.counts.get('h1') ?? 0,
    word_count: text.words,
    internal_links: links.internal,
    external_links: links.external,
    external_domains: links.domains.size,
    nofollow_links: links.nofollow,
    images: scan.counts.get('img') ?? 0,
    images_without_alt: scan.imagesWithoutAlt,
    scripts: scan.scripts,
    iframes: scan.counts.get('iframe') ?? 0,
    forms: scan.counts.get('form') ?? 0,
    password_inputs: scan.passwordInputs,
    json_ld_types: readJsonLd(scan.jsonLd).types.size,
    has_email: text.hasEmail || links.hasEmail,
    has_phone: text.hasPhone || links.hasPhone,
    has_linkedin: scan.hasLinkedin,
    has_analytics_tag: scan.hasAnalytics,
    poison_word_count: text.poisonWords + poisonWordsIn(scan.title ?? ''),
  };
  // A share of nothing is no number.
  if (markupLength > 0) numbers['text_ratio'] = Math.min(1, text.characters / markupLength);
  return numbers;
}

function poisonWordsIn(title: string): number {
  const words = new VisibleText();
  words.add(title, 0, title.length);
  words.break();
  return words.poisonWords;
}
