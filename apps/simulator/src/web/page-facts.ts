import { draws, type Draws } from '../world/hash.js';
import { WELL_KNOWN_DOMAINS } from '../world/well-known-domains.js';
import type { Site } from './site.js';
import { phrase } from './words.js';

export interface Link {
  readonly href: string;
  readonly rel?: string;
  readonly text: string;
}

/** Everything that will stand on a page. The markup and the ground truth are both made from this. */
export interface PageFacts {
  readonly title: string;
  readonly description?: string;
  readonly headings: readonly string[];
  /** Indexes into the ready paragraphs. */
  readonly paragraphs: readonly number[];
  readonly internal: readonly Link[];
  readonly external: readonly Link[];
  /** Alternative text per image; undefined: the attribute is missing. */
  readonly images: readonly (string | undefined)[];
  readonly scripts: number;
  readonly iframes: number;
  /** Per form: does it ask for a password? */
  readonly forms: readonly boolean[];
  readonly robots: readonly ('noindex' | 'nofollow')[];
  /** Robots directives in the X-Robots-Tag header rather than in the markup. */
  readonly robotsInHeader: boolean;
  readonly canonical?: string;
  readonly hreflang: readonly string[];
  readonly jsonLd: readonly string[];
  readonly favicon: boolean;
  readonly email?: string;
  readonly phone?: string;
  readonly analytics: boolean;
  readonly author?: string;
  /** Network to account name. */
  readonly handles: Readonly<Record<string, string>>;
}

const POPULAR_HOSTS = [...WELL_KNOWN_DOMAINS].filter(
  (domain) => domain.endsWith('.com') || domain.endsWith('.org'),
);
const LANGUAGES = ['en', 'de', 'fr', 'es', 'nl', 'pl'];
const TYPES = ['WebPage', 'Article', 'NewsArticle', 'Organization', 'BreadcrumbList', 'Product', 'FAQPage'];

/** The page behind an address that answers 200 with HTML. */
export function pageFacts(url: URL, site: Site): PageFacts {
  const draw = draws(`page|${url.host}${url.pathname}${url.search}`);
  const spam = site.class === 'spam';
  const seed = `${url.host}${url.pathname}`;
  const handles = handlesOf(site, draw);
  return {
    title: phrase(`title|${seed}`, draw.int(2, 11), spam),
    ...(draw.chance(spam ? 0.45 : 0.8) && { description: phrase(`about|${seed}`, draw.int(8, 24), spam) }),
    headings: draw.chance(0.9) ? [phrase(`h1|${seed}`, draw.int(2, 8), spam)] : [],
    paragraphs: Array.from({ length: lengthOf(draw) }, () => draw.int(0, 95)),
    internal: internalLinks(url, draw.int(3, 45)),
    external: [...externalLinks(seed, site, draw.int(0, spam ? 40 : 12)), ...handleLinks(site, handles)],
    images: Array.from({ length: draw.int(0, 18) }, () => (draw.chance(0.7) ? phrase(seed, 3) : undefined)),
    scripts: draw.int(0, 9),
    iframes: draw.chance(0.15) ? draw.int(1, 3) : 0,
    forms: draw.chance(0.5) ? Array.from({ length: draw.int(1, 2) }, () => draw.chance(0.3)) : [],
    ...directives(draw),
    ...canonicalOf(url, site, draw),
    hreflang: draw.chance(0.15) ? LANGUAGES.slice(0, draw.int(2, 6)) : [],
    jsonLd: draw.chance(0.55) ? [...new Set([draw.pick(TYPES), draw.pick(TYPES)])] : [],
    favicon: draw.chance(spam ? 0.5 : 0.9),
    ...(draw.chance(spam ? 0.2 : 0.55) && { email: `info@${site.domain}` }),
    ...(draw.chance(spam ? 0.1 : 0.4) && { phone: `+1-555-${draw.int(100, 999)}-${draw.int(1_000, 9_999)}` }),
    analytics: draw.chance(0.6),
    ...(draw.chance(0.35) && {
      author: draw.pick(['Ada Byron', 'Jan de Vries', 'María Núñez', 'Sam Okoro']),
    }),
    handles,
  };
}

/** Paragraphs: mostly a few, now and then many, so that pages have 2 to 60 KB. */
function lengthOf(draw: Draws): number {
  const long = draw.next();
  return 3 + Math.floor(long * long * long * 95);
}

function internalLinks(url: URL, count: number): Link[] {
  return Array.from({ length: count }, (_, index) => ({
    href: index % 3 === 0 ? `${url.origin}/section-${index}/` : `/topic-${index}/page`,
    text: phrase(`${url.host}${index}`, 2),
  }));
}

function externalLinks(seed: string, site: Site, count: number): Link[] {
  const draw = draws(`out|${seed}`);
  return Array.from({ length: count }, (_, index) => {
    const foreign =
      site.class === 'spam' && draw.chance(0.8)
        ? `spam-offer-${draw.int(1, 400)}.com`
        : draw.pick(POPULAR_HOSTS);
    const host = foreign === site.domain ? 'iana.org' : foreign;
    return {
      href: `https://${host}/ref/${index}`,
      ...(draw.chance(0.25) && { rel: draw.pick(['nofollow', 'nofollow noopener', 'ugc nofollow']) }),
      text: phrase(`${host}${index}`, 2),
    };
  });
}

function directives(draw: Draws): Pick<PageFacts, 'robots' | 'robotsInHeader'> {
  const robots: ('noindex' | 'nofollow')[] = [];
  if (draw.chance(0.05)) robots.push('noindex');
  if (draw.chance(0.04)) robots.push('nofollow');
  return { robots, robotsInHeader: draw.chance(0.3) };
}

/** Mostly the page itself; some pages name another path, spam sometimes a foreign domain. */
function canonicalOf(url: URL, site: Site, draw: Draws): { canonical?: string } {
  const at = draw.next();
  if (at > 0.72) return {};
  if (at < 0.08) return { canonical: `${url.origin}/canonical${url.pathname}` };
  if (at < (site.class === 'spam' ? 0.2 : 0.085)) return { canonical: 'https://example.com/elsewhere' };
  return { canonical: `${url.origin}${url.pathname}${url.search}` };
}

function handlesOf(site: Site, draw: Draws): Record<string, string> {
  const name = (site.domain.split('.')[0] ?? site.domain).slice(0, 30);
  const chance = site.class === 'popular' ? 0.5 : site.class === 'spam' ? 0.03 : 0.2;
  const found: Record<string, string> = {};
  for (const network of Object.keys(PROFILES)) if (draw.chance(chance)) found[network] = name;
  return found;
}

/** Where an account's page stands; `twitter` is only named in the markup's head. */
const PROFILES: Readonly<Record<string, (name: string) => string>> = {
  github: (name) => `https://github.com/${name}`,
  mastodon: (name) => `https://mastodon.social/@${name}`,
  bluesky: (name) => `https://bsky.app/profile/${name}.bsky.social`,
  linkedin: (name) => `https://www.linkedin.com/company/${name}`,
  twitter: () => '',
};

function handleLinks(site: Site, handles: Readonly<Record<string, string>>): Link[] {
  return Object.entries(handles)
    .map(([network, name]) => ({ network, href: PROFILES[network]?.(name) ?? '' }))
    .filter(
      ({ href }) =>
        href !== '' && !href.includes(`//${site.domain}/`) && !href.includes(`www.${site.domain}/`),
    )
    .map(({ network, href }) => ({ href, rel: 'me', text: network }));
}
