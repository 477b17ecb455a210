import { questionKey, type ProviderReply } from '../provider.js';
import { asked, broken, CONTEXT, play, recordedText, reply } from '../spec-support/replies.js';
import { crawlDelay, sitemapCount } from './robots-lines.js';
import { robots } from './robots.js';

const ask = (answer: (at: number) => ProviderReply, unit = 'https://www.example.com:8443') => {
  const [question] = asked('robots', unit);
  const { findings, requests } = play(robots, [question!], (_request, at) => answer(at));
  return { finding: findings.get(questionKey(question!)), requests };
};
const moved = (location: string) => reply('', { status: 301, headers: { location } });

test('asks for the file of the origin, which it shares with the page', () => {
  const { requests } = ask(() => reply('', { status: 404 }));
  expect(requests).toMatchObject([
    { url: 'https://www.example.com:8443/robots.txt', foreign: true, sharedForMs: 86_400_000 },
  ]);
  expect(requests[0]).not.toHaveProperty('limitKey');
});

test('redirects are followed five times, with the limits of each host', () => {
  const { finding, requests } = ask((at) =>
    at < 1 ? moved('https://b.example/robots.txt') : reply('Sitemap: x'),
  );
  expect(finding).toMatchObject({ numbers: { http_status: 200, sitemap_count: 1 } });
  expect(requests[1]).toMatchObject({ url: 'https://b.example/robots.txt', limitKey: 'b.example' });
  const endless = ask((at) => moved(`/robots.txt?${at}`));
  expect(endless.requests).toHaveLength(6);
  expect(endless.finding).toEqual({ outcome: 'ok', numbers: { http_status: 301, allows_root: true } });
});

test('what does not answer fails, what is tired of us too', () => {
  expect(ask(() => broken('timeout')).finding).toMatchObject({ outcome: 'failed', class: 'timeout' });
  expect(ask(() => reply('', { status: 429, headers: { 'retry-after': '3' } })).finding).toMatchObject({
    class: 'rate_limited',
    retryAfterMs: 3_000,
  });
  expect(ask(() => reply(''), 'ftp://a.example').finding).toMatchObject({ class: 'bad_request' });
});

test('a file that shuts us out', () => {
  const text = 'User-agent: Assay\nDisallow: /\nCrawl-delay: 7\n\nUser-agent: *\nCrawl-delay: 1\n';
  expect(ask(() => reply(text)).finding).toMatchObject({ numbers: { allows_root: false, crawl_delay_s: 7 } });
});

test.each([
  ['User-agent: *\nCrawl-delay: 2', 2],
  ['User-agent: assay\nDisallow:\n\nUser-agent: *\nCrawl-delay: 2', undefined],
  ['User-agent: a\n\n# both\nUser-agent: *\nCrawl-delay: 0.5', 0.5],
  ['User-agent: *\nDisallow: /x\nUser-agent: other\nCrawl-delay: 9', undefined],
  ['Crawl-delay: 2', undefined],
  ['User-agent: *\nCrawl-delay: soon', undefined],
  ['User-agent: *\nCrawl-delay: 999999', undefined],
  ['User-agent: *\r\nCrawl-delay: 3 # please\r\nCrawl-delay: 4', 3],
])('crawl delay of %j is %s', (text, seconds) => expect(crawlDelay(text, CONTEXT.userAgent)).toBe(seconds));

test('sitemaps count once, wherever they stand', () => {
  expect(sitemapCount(recordedText(import.meta.url, 'robots.txt'))).toBe(2);
});
