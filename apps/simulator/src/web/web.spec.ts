import { visitPage } from '../truth/visit-page.js';
import { classOf } from '../world/domain-class.js';
import { pageFacts } from './page-facts.js';
import { pageNumbers } from './page-numbers.js';
import { renderPage } from './render-page.js';
import { robotsAllow } from './robots.js';
import { routeOf } from './route.js';
import { siteOf, siteOfHost, type Site } from './site.js';

const urls = Array.from(
  { length: 3_000 },
  (_, index) => `http://site-${index % 700}.com/part/${index}?q=${index}`,
);
const count = (html: string, pattern: RegExp) => html.match(pattern)?.length ?? 0;
const page = (text: string) => {
  const url = new URL(text);
  const site = siteOfHost(url.hostname);
  const facts = pageFacts(url, site);
  return { html: renderPage(facts, site, url), numbers: pageNumbers(facts, site, url) };
};

test('a page is the same each time and has 1 to 60 KB', () => {
  for (const url of urls.slice(0, 500)) {
    const { html } = page(url);
    expect(page(url).html).toBe(html);
    expect(html.length).toBeGreaterThan(1_000);
    expect(html.length).toBeLessThan(60_000);
  }
});

test('the numbers are those of the markup', () => {
  for (const url of urls.slice(0, 500)) {
    const { html, numbers } = page(url);
    expect(numbers).toMatchObject({
      h1_count: count(html, /<h1>/g),
      internal_links: count(html, /<a href="(\/|http:\/\/site-)/g),
      external_links: count(html, /<a href="https:/g),
      nofollow_links: count(html, /rel="[^"]*nofollow/g),
      images: count(html, /<img /g),
      images_without_alt: count(html, /<img src="[^"]*">/g),
      iframes: count(html, /<iframe /g),
      forms: count(html, /<form /g),
      password_inputs: count(html, /type="password"/g),
      scripts: count(html, /<script (async )?src=/g),
      title_length: /<title>(.*)<\/title>/.exec(html)?.[1]?.length,
      has_email: html.includes('mailto:'),
      has_canonical: html.includes('rel="canonical"'),
    });
    const text = html.slice(html.indexOf('<body>')).replace(/<[^>]*>/g, ' ');
    expect(numbers['word_count']).toBe(text.trim().split(/\s+/).length);
  }
});

test('every visit ends, and each ending occurs', () => {
  const seen = new Set<string>();
  for (const url of urls) {
    const truth = visitPage(url);
    expect(truth.reason).not.toBe('too_many_redirects');
    const status = truth.numbers['http_status'] ?? truth.reason;
    seen.add(`${truth.outcome} ${status}`);
    if (truth.outcome === 'ok') expect(truth.numbers['redirect_count']).toBeLessThanOrEqual(5);
  }
  const endings = ['ok 200', 'ok 404', 'ok 410', 'ok 500', 'skipped robots', 'failed dns'];
  expect([...seen]).toEqual(expect.arrayContaining(endings));
});

test('dead sites fail by name, moved ones end on a living domain', () => {
  const dead = visitPage('https://dead-1.org/');
  expect(dead).toMatchObject({ outcome: 'failed', reason: 'dns' });
  const moved = Array.from({ length: 2_000 }, (_, index) => siteOf(`spam-${index}.net`)).filter(
    (s) => s.movedTo,
  );
  expect(moved.length).toBeGreaterThan(100);
  for (const site of moved) expect(classOf(site.movedTo ?? '')).toBe('ordinary');
});

test('test pages do what their names say', () => {
  expect(visitPage('http://chain-3.page.test/').numbers['redirect_count']).toBe(3);
  expect(visitPage('http://chain-12.page.test/').reason).toBe('too_many_redirects');
  expect(visitPage('http://loop.page.test/').reason).toBe('too_many_redirects');
  expect(visitPage('http://status-503.page.test/').numbers['http_status']).toBe(503);
  expect(visitPage('http://to-private.ssrf.test/').reason).toBe('blocked_address');
  expect(visitPage('http://to-port.ssrf.test/').reason).toBe('blocked_port');
  expect(visitPage('http://to-file.ssrf.test/').reason).toBe('unsupported_scheme');
  expect(visitPage('http://robots-all.page.test/')).toMatchObject({ outcome: 'skipped', reason: 'robots' });
  expect(visitPage('https://expired-tls.page.test/').reason).toBe('tls');
});

test('a redirect never leads to itself', () => {
  for (const text of urls) {
    const route = routeOf(new URL(text));
    if (route.kind === 'redirect') expect(new URL(route.location, text).href).not.toBe(text);
  }
});

test('the longest robots rule wins', () => {
  const domain = Array.from({ length: 500 }, (_, index) => `ordinary-${index}.org`).find((name) => {
    const site = siteOf(name);
    return site.robots === 'some' && !robotsAllow(site, '/search');
  });
  const site = siteOf(domain ?? '');
  expect(robotsAllow(site, '/search?q=1')).toBe(false);
  expect(robotsAllow(site, '/search/about/us')).toBe(true);
  expect(robotsAllow(site, '/list?session=1')).toBe(false);
  expect(robotsAllow(site, '/')).toBe(true);
  const broken: Site = { ...site, robots: 'broken' };
  expect(robotsAllow(broken, '/')).toBe(false);
});
