import { registrableDomain } from '../world/domain-class.js';
import type { PageFacts } from './page-facts.js';
import type { Site } from './site.js';
import { PARAGRAPHS, SPAM_PARAGRAPHS, countWords } from './words.js';

export type Numbers = Readonly<Record<string, number | string | boolean | null>>;

/** What a careful reader of the markup must find, by metric id. */
export function pageNumbers(facts: PageFacts, site: Site, url: URL): Numbers {
  const self = `${url.origin}${url.pathname}${url.search}`;
  const externalHosts = facts.external.map(({ href }) => registrableDomain(new URL(href).hostname));
  return {
    title_length: facts.title.length,
    meta_description_length: facts.description?.length ?? 0,
    h1_count: facts.headings.length,
    word_count: wordsOf(facts, site),
    internal_links: facts.internal.length,
    external_links: facts.external.length,
    external_domains: new Set(externalHosts).size,
    nofollow_links: facts.external.filter(({ rel }) => rel?.split(' ').includes('nofollow')).length,
    images: facts.images.length,
    images_without_alt: facts.images.filter((alt) => alt === undefined).length,
    scripts: facts.scripts + (facts.analytics ? 1 : 0),
    iframes: facts.iframes,
    forms: facts.forms.length,
    password_inputs: facts.forms.filter(Boolean).length,
    noindex: facts.robots.includes('noindex'),
    nofollow: facts.robots.includes('nofollow'),
    has_canonical: facts.canonical !== undefined,
    canonical_self: facts.canonical === self,
    hreflang_count: facts.hreflang.length,
    json_ld_types: facts.jsonLd.length,
    has_favicon: facts.favicon,
    has_email: facts.email !== undefined,
    has_phone: facts.phone !== undefined,
    has_linkedin: facts.external.some(({ href }) => href.includes('linkedin.com/')),
    has_analytics_tag: facts.analytics,
    hsts: site.hsts && url.protocol === 'https:',
  };
}

/** Words a person sees in the body: links, headings, paragraphs, contact lines; not the title. */
function wordsOf(facts: PageFacts, site: Site): number {
  const ready = site.class === 'spam' ? SPAM_PARAGRAPHS : PARAGRAPHS;
  const texts = [...facts.headings, ...[...facts.internal, ...facts.external].map(({ text }) => text)];
  const contact = (facts.email ? 1 : 0) + (facts.phone ? 1 : 0);
  const inParagraphs = facts.paragraphs.reduce((sum, index) => sum + (ready[index]?.words ?? 0), 0);
  return texts.reduce((sum, text) => sum + countWords(text), inParagraphs + contact);
}
