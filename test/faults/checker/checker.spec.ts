import { builtInProviders } from '@assay/providers';
import { ASKS, PRICED } from './asks.js';
import { compareAttempts, isLegal, type Attempt, type RowCell } from './cells.js';
import { inputLines, isPlainUrl, normalForm } from './input-lines.js';
import { differingMetrics, sameJson } from './same-value.js';
import { TopicContents } from './topic-contents.js';
import { unitsOf } from './units.js';

const ROW = { url: 'http://a.example.com/x', host: 'a.example.com', domain: 'example.com' };
const page = (facts: object) => ({ outcome: 'ok' as const, numbers: {}, facts: { ...facts } });

test('what the checker knows of asks by itself is what the definitions say', () => {
  const defined = builtInProviders.flatMap(({ id: provider, asks }) =>
    asks.map(({ id, surface, unit, needs }) => {
      const fact = needs && [needs.fact, needs.network].filter(Boolean).join('.');
      const required = needs?.need === 'required';
      const more = { ...(fact && { fact }), ...(required && { required }) };
      return [id, { provider, surface, unit, ...more, ...(needs?.unlessSameAs && { unlessFirst: true }) }];
    }),
  );
  expect(Object.fromEntries(ASKS)).toEqual(Object.fromEntries(defined));
  const priced = builtInProviders.filter(({ price }) => price).map(({ id }) => id);
  expect([...PRICED].sort()).toEqual(priced.sort());
});

test('a list is read as an editor counts its lines', () => {
  expect(inputLines('\uFEFFa\r\n\n b \n\t\nc')).toEqual([
    { seq: 1, text: 'a' },
    { seq: 3, text: 'b' },
    { seq: 5, text: 'c' },
  ]);
});

test.each([
  ['HTTPS://Example.COM:443/A?b=c#d', 'https://example.com/A?b=c'],
  ['http://example.com', 'http://example.com/'],
  ['http://example.com/#', 'http://example.com/'],
  ['http:example.com', undefined],
  ['https://name:secret@example.com/', undefined],
  ['ftp://example.com/', undefined],
])('%s becomes %s', (text, url) => expect(normalForm(text)).toBe(url));

test('of a plain URL there are no two opinions, of others there may be', () => {
  expect(isPlainUrl('https://a.example.com/?q')).toBe(true);
  for (const text of ['https://ä.example/', 'https://localhost/', 'https://a..b/', 'https://a.example/ b'])
    expect([text, isPlainUrl(text)]).toEqual([text, false]);
});

test('an outcome has what belongs to it and nothing else', () => {
  const at = { gen: 0, at: 1 };
  const legal: RowCell[] = [
    { ...at, outcome: 'ok', answer: 'a' },
    { ...at, outcome: 'failed', detail: 'timeout' },
    { ...at, outcome: 'skipped', detail: 'expired' },
    { ...at, outcome: 'absent', answer: 'a', last: { gen: 1, at: 2, outcome: 'failed', detail: 'server' } },
  ];
  const illegal: RowCell[] = [
    { ...at, outcome: 'ok' },
    { ...at, outcome: 'done', answer: 'a' },
    { ...at, outcome: 'failed' },
    { ...at, outcome: 'failed', detail: 'expired' },
    { ...at, outcome: 'skipped', detail: 'expired', answer: 'a' },
    { ...at, outcome: 'ok', answer: 'a', last: { ...at, outcome: 'ok', answer: 'b' } },
    { ...at, outcome: 'failed', detail: 'server', last: { ...at, outcome: 'failed', detail: 'server' } },
  ];
  expect([legal.map(isLegal), illegal.map(isLegal)]).toEqual([
    legal.map(() => true),
    illegal.map(() => false),
  ]);
});

test('gen goes before measured, measured before failed before skipped, then the later', () => {
  const attempts: Attempt[] = [
    { gen: 0, outcome: 'skipped', at: 9 },
    { gen: 0, outcome: 'failed', at: 8 },
    { gen: 0, outcome: 'absent', at: 1, answer: 'a' },
    { gen: 0, outcome: 'ok', at: 1, answer: 'b' },
    { gen: 0, outcome: 'ok', at: 2, answer: 'a' },
    { gen: 1, outcome: 'skipped', at: 0 },
  ];
  expect(attempts.toReversed().toSorted(compareAttempts)).toEqual(attempts);
});

test('numbers differ where they are wrong, left out or made up', () => {
  const truth = { rank: 7, registered_at: '2020-01-01T00:00:00Z', age_days: 10 };
  const right = { rank: 7, registered_at: '2020-01-01T00:00:00.000Z', age_days: 11, ttfb_ms: 3 };
  expect(differingMetrics(right, truth)).toEqual([]);
  expect(differingMetrics({ ...right, rank: 0 }, truth)).toEqual(['rank']);
  expect(differingMetrics({ ...right, rank: '7', more: 1 }, truth)).toEqual(['rank', 'more']);
  expect(differingMetrics({}, truth)).toEqual(['rank', 'registered_at', 'age_days']);
  expect(sameJson({ a: [1, { b: null }], c: 2 }, { c: 2, a: [1, { b: null }] })).toBe(true);
  expect(sameJson({ a: 1 }, { a: 1, b: undefined })).toBe(false);
  expect(sameJson([1], { 0: 1 })).toBe(false);
});

test('units of round two follow from the truth about the page', () => {
  const of = (id: string, facts?: object) => unitsOf(ASKS.get(id)!, ROW, facts && page(facts));
  expect(of('dns').right).toBe(ROW.host);
  expect(of('robots').right).toBe('http://a.example.com');
  const canonicalUrl = 'http://a.example.com/y';
  expect(of('moz.url', { canonicalUrl })).toEqual({ right: canonicalUrl, fallback: ROW.url });
  expect(of('moz.url', {})).toEqual({ right: ROW.url, fallback: ROW.url });
  expect(of('safebrowsing.final', { finalUrl: ROW.url }).right).toBeUndefined();
  expect(of('safebrowsing.final', { finalUrl: canonicalUrl }).right).toBe(canonicalUrl);
  expect(of('observatory')).toEqual({ right: undefined, fallback: undefined });
  expect(of('crux.origin', { finalUrl: 'https://b.example.com/z' }).right).toBe('https://b.example.com');
  expect(of('github', { handles: { github: ['one', 'two'] } }).right).toBe('one');
});

describe('topics', () => {
  const plan = { submission: 's', asks: { page: 0 }, round1At: 100, deadlineAt: 200, graceMs: 10 };
  const contents = (poison: string[] = []) => new TopicContents('s', new Set(poison), false);
  const message = (value: unknown, given: { offset?: string; timestamp?: string; headers?: object } = {}) =>
    ({
      ...{ offset: '0', timestamp: '50', headers: {}, key: null, attributes: 0 },
      ...{ value: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)) },
      ...given,
    }) as never;
  const cells = (outcome: string) => ({
    ask: 'page',
    plans: [{ ...plan, submission: 'other' }, plan],
    cells: [0, 1].map((at) => ({ plan: at, seq: 7, gen: 0, outcome, at: 60, unit: 'u' })),
  });

  test('only what is about the submission is kept, and what came late is told', () => {
    const read = contents();
    read.take('metric.round1.bulk', 3, message(cells('ok')));
    read.take('metric.round1.bulk', 3, message(cells('failed'), { offset: '1', timestamp: '211' }));
    expect(read.cells.get(7)?.map(({ outcome, late, place }) => [outcome, late, place])).toEqual([
      ['ok', false, 'metric.round1.bulk:3:0'],
      ['failed', true, 'metric.round1.bulk:3:1'],
    ]);
  });

  test('the page is unknown while it has only failed, and once round one has closed', () => {
    const read = contents();
    read.take('url.submitted.bulk', 3, message({ plan, seq: 7, url: 'u' }));
    expect(read.pageUnknown(7, { at: 60 })).toBe(true);
    read.take('metric.round1.bulk', 3, message(cells('ok')));
    expect([read.pageUnknown(7, { at: 99 }), read.pageUnknown(7, { at: 100 })]).toEqual([false, true]);
    read.take('metric.round1.bulk', 3, message(cells('failed')));
    expect(read.pageUnknown(7, { at: 99 })).toBe(true);
  });

  test('the newest version of a row counts; said twice it must be the same', () => {
    const read = contents();
    const joined = (version: number, outcome: string) =>
      read.take(
        'row.joined.bulk',
        3,
        message({ plan, seq: 7, version, state: 'final', cells: { page: { outcome } } }),
      );
    joined(2, 'ok');
    joined(1, 'failed');
    joined(2, 'ok');
    expect(read.joined.get(7)).toMatchObject({ version: 2, twofold: false });
    joined(2, 'failed');
    expect(read.joined.get(7)).toMatchObject({ version: 2, twofold: true });
  });

  test('poison is told by a header or by its place, and so are the dead letters about it', () => {
    const read = contents(['metric.round1.bulk:3:0']);
    read.take('metric.round1.bulk', 3, message('{'));
    read.take('metric.round1.bulk', 3, message('{', { offset: '1', headers: { poison: '1' } }));
    read.take('metric.round1.bulk', 3, message('{', { offset: '2' }));
    const of = (offset: string) => ({
      'dead.topic': 'metric.round1.bulk',
      'dead.partition': '3',
      'dead.offset': offset,
    });
    read.take('metric.round1.dead', 3, message('{', { headers: of('0') }));
    read.take('metric.round1.dead', 3, message('{', { headers: { ...of('1'), poison: '1' } }));
    read.take('metric.round1.dead', 3, message('{', { headers: of('2') }));
    expect(read.broken).toEqual(['metric.round1.bulk:3:2']);
    expect(read.dead.map(({ poisoned }) => poisoned)).toEqual([true, true, false]);
    expect(read.cells.size).toBe(0);
  });
});
