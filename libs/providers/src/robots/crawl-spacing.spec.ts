import { CONTEXT } from '../spec-support/replies.js';
import { crawlSpacingMs } from './crawl-spacing.js';

test.each([
  ['User-agent: *\nCrawl-delay: 2', 2_000],
  ['User-agent: *\nCrawl-delay: 0.5', 500],
  ['User-agent: *\nCrawl-delay: 0', undefined],
  ['User-agent: *\nDisallow: /x', undefined],
  ['User-agent: assay\nDisallow:\n\nUser-agent: *\nCrawl-delay: 2', undefined],
  ['User-agent: assay\nCrawl-delay: 7\n\nUser-agent: *\nCrawl-delay: 2', 7_000],
  ['User-agent: *\nCrawl-delay: 61', 60_000],
  ['User-agent: *\nCrawl-delay: 999999', 60_000],
  ['User-agent: *\nCrawl-delay: soon', undefined],
])('%j asks for %s ms', (text, spacing) => {
  const body = Buffer.from(text);
  expect(crawlSpacingMs(body, CONTEXT.userAgent)).toBe(spacing);
  expect(crawlSpacingMs(body, CONTEXT.userAgent)).toBe(spacing);
});

test('of one file each agent hears its own', () => {
  const body = Buffer.from('User-agent: a\nCrawl-delay: 3\n\nUser-agent: b\nCrawl-delay: 4');
  expect([crawlSpacingMs(body, 'a/1'), crawlSpacingMs(body, 'B'), crawlSpacingMs(body, 'c')]).toEqual([
    3_000,
    4_000,
    undefined,
  ]);
});
