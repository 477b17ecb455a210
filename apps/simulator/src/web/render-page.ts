import type { PageFacts } from './page-facts.js';
import type { Site } from './site.js';
import { PARAGRAPHS, SPAM_PARAGRAPHS } from './words.js';

/** The page's markup. Every text element stands apart from the next, so that words can be counted. */
export function renderPage(facts: PageFacts, site: Site, url: URL): string {
  return `<!doctype html>
<html lang="${site.language}">
<head>
${head(facts, site, url)}
</head>
<body>
${body(facts, site)}
</body>
</html>
`;
}

function head(facts: PageFacts, site: Site, url: URL): string {
  const lines = [
    charsetLine(site),
    `<title>${facts.title}</title>`,
    facts.description && `<meta name="description" content="${facts.description}">`,
    facts.robots.length > 0 &&
      !facts.robotsInHeader &&
      `<meta name="robots" content="${facts.robots.join(', ')}">`,
    facts.canonical && `<link rel="canonical" href="${escape(facts.canonical)}">`,
    ...facts.hreflang.map(
      (code) => `<link rel="alternate" hreflang="${code}" href="${url.origin}/${code}/">`,
    ),
    facts.favicon && '<link rel="icon" href="/favicon.ico">',
    facts.author && `<meta name="author" content="${facts.author}">`,
    facts.handles['twitter'] && `<meta name="twitter:site" content="@${facts.handles['twitter']}">`,
    facts.handles['mastodon'] &&
      `<meta name="fediverse:creator" content="@${facts.handles['mastodon']}@mastodon.social">`,
    facts.jsonLd.length > 0 && jsonLdScript(facts),
    ...Array.from({ length: facts.scripts }, (_, index) => `<script src="/assets/app-${index}.js"></script>`),
    facts.analytics &&
      '<script async src="https://www.googletagmanager.com/gtag/js?id=G-SIMULATED"></script>',
  ];
  return lines.filter(Boolean).join('\n');
}

function charsetLine(site: Site): string | false {
  if (site.charset === 'windows-1252-meta') return '<meta charset="windows-1252">';
  return site.charset !== 'iso-8859-1' && '<meta charset="utf-8">';
}

function jsonLdScript(facts: PageFacts): string {
  const author = facts.author && { author: { '@type': 'Person', name: facts.author } };
  const graph = facts.jsonLd.map((type) => ({ '@type': type, name: facts.title, ...author }));
  return `<script type="application/ld+json">${JSON.stringify({ '@context': 'https://schema.org', '@graph': graph })}</script>`;
}

function body(facts: PageFacts, site: Site): string {
  const ready = site.class === 'spam' ? SPAM_PARAGRAPHS : PARAGRAPHS;
  return [
    `<nav>\n${facts.internal.map(anchor).join('\n')}\n</nav>`,
    '<main>',
    ...facts.headings.map((text) => `<h1>${text}</h1>`),
    ...facts.paragraphs.map((index) => `<p>${ready[index]?.text}</p>`),
    ...facts.images.map(
      (alt, index) => `<img src="/img/${index}.jpg"${alt === undefined ? '' : ` alt="${alt}"`}>`,
    ),
    ...Array.from({ length: facts.iframes }, (_, index) => `<iframe src="/embed/${index}"></iframe>`),
    ...facts.forms.map(form),
    '</main>',
    `<aside>\n${facts.external.map(anchor).join('\n')}\n</aside>`,
    '<footer>',
    facts.email && `<a href="mailto:${facts.email}">${facts.email}</a>`,
    facts.phone && `<a href="tel:${facts.phone}">${facts.phone}</a>`,
    '</footer>',
  ]
    .filter(Boolean)
    .join('\n');
}

function anchor(link: { href: string; rel?: string; text: string }): string {
  return `<a href="${escape(link.href)}"${link.rel ? ` rel="${link.rel}"` : ''}>${link.text}</a>`;
}

function form(password: boolean, index: number): string {
  const field = password ? '<input type="password" name="secret">' : '<input type="text" name="q">';
  return `<form action="/form-${index}" method="post">\n${field}\n</form>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
