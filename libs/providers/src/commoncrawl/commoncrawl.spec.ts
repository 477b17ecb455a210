import { questionKey } from '../provider.js';
import { asked, play, recorded, recordedText, reply } from '../spec-support/replies.js';
import { commoncrawl } from './commoncrawl.js';

const [QUESTION] = asked('commoncrawl.url', 'https://example.com/a?b=1');
const COLLECTIONS = recorded(import.meta.url, 'collinfo.json');
const LINES = recordedText(import.meta.url, 'captures.ndjson');
const ask = (body: string, parts = {}, collections: unknown = COLLECTIONS, question = QUESTION!) => {
  const list = reply(JSON.stringify(collections));
  const { findings, requests } = play(commoncrawl, [question], (_r, at) =>
    at === 0 ? list : reply(body, parts),
  );
  return { finding: findings.get(questionKey(question)), requests };
};

test('the latest crawl is looked up once for all, then its index', () => {
  const { requests } = ask(LINES);
  expect(requests[0]).toMatchObject({
    url: 'https://index.commoncrawl.org/collinfo.json',
    sharedForMs: 86_400_000,
  });
  const { origin, pathname, searchParams } = new URL(requests[1]!.url);
  expect(origin + pathname).toBe('https://index.commoncrawl.org/CC-MAIN-2026-30-index');
  expect(Object.fromEntries(searchParams)).toEqual({
    url: 'example.com/a?b=1',
    output: 'json',
    limit: '100',
    filter: 'mime:text/html',
  });
  const [domain] = asked('commoncrawl.domain', 'example.com');
  expect(new URL(ask(LINES, {}, COLLECTIONS, domain).requests[1]!.url).searchParams.get('matchType')).toBe(
    'domain',
  );
});

test('captures of the same content count once, a broken line not at all', () => {
  expect(ask(`${LINES}{"url":\n[]\n`).finding).toMatchObject({
    outcome: 'ok',
    numbers: { captures: 2, pages: 2 },
  });
});

test('a hundred lines say that there may be more', () => {
  const many = Array.from({ length: 100 }, (_, at) =>
    JSON.stringify({ url: `https://example.com/${at}`, digest: 'A', timestamp: '20260714032627' }),
  );
  expect(ask(many.join('\n')).finding).toMatchObject({
    numbers: { captures: 100, pages: 100, capped: true },
  });
});

test('nothing that can be read is malformed, 404 in other words a wrong address', () => {
  expect(ask('[]\n').finding).toMatchObject({ outcome: 'failed', class: 'malformed' });
  expect(ask('', {}).finding).toMatchObject({ outcome: 'failed', class: 'malformed' });
  expect(ask('{"message":"Not Found"}', { status: 404 }).finding).toMatchObject({ class: 'bad_request' });
});

test('a line without a date is a broken one', () => {
  const line = JSON.stringify({ url: 'https://example.com/x', digest: 'X', timestamp: '20269999000000' });
  expect(ask(`${LINES}${line}\n`).finding).toMatchObject({
    numbers: { captures: 2, last_capture_at: '2026-07-15T03:26:27.000Z' },
  });
});

test('a list of crawls that is not there is no fault of the question', () => {
  const { findings, requests } = play(commoncrawl, [QUESTION!], () => reply({}, { status: 404 }));
  expect(findings.get(questionKey(QUESTION!))).toMatchObject({ outcome: 'failed', class: 'server' });
  expect(requests).toHaveLength(1);
});

test('an address is no domain, a star no pattern', () => {
  const [address, star] = [
    ...asked('commoncrawl.domain', '192.0.2.7'),
    ...asked('commoncrawl.url', 'https://example.com/a*'),
  ];
  expect(ask(LINES, {}, COLLECTIONS, address)).toEqual({
    finding: { outcome: 'skipped', reason: 'unsupported' },
    requests: [],
  });
  expect(new URL(ask(LINES, {}, COLLECTIONS, star).requests[1]!.url).searchParams.get('url')).toBe(
    'example.com/a%2A',
  );
});

test('403 and 503 ask to slow down', () => {
  for (const status of [403, 503])
    expect(ask('{}', { status }).finding).toMatchObject({ class: 'rate_limited' });
});

test.each([[[]], [[{ id: 'x', 'cdx-api': 'https://evil.example/' }]], [{}]])(
  'a list of crawls %j leads nowhere',
  (collections) => expect(ask(LINES, {}, collections).finding).toMatchObject({ class: 'malformed' }),
);
