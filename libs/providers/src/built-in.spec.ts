import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { builtInProviders } from './built-in.js';
import type { Findings, Provider, ProviderReply, Question } from './provider.js';
import { createRegistry, enabledProviders } from './registry.js';
import { CONTEXT, play, reply } from './spec-support/replies.js';
import { expectSane } from './spec-support/sane-findings.js';

const UNITS = {
  url: ['https://example.com/a', 'http://www.urltocheck1.org/', 'https://moz.com/blog'],
  host: ['example.com', '192.0.2.7'],
  origin: ['https://example.com'],
  domain: ['example.com', 'moz.com', 'a.github.io', '192.0.2.7'],
  handle: ['ada'],
} as const;
const RECORDED = [
  'dns/recorded/address.json',
  'rdap/recorded/bootstrap.json',
  'rdap/recorded/domain.json',
  'safebrowsing/recorded/match.json',
  'safebrowsing/recorded/exhausted.json',
  'openpagerank/recorded/bulk.json',
  'moz/recorded/sites.json',
  'moz/recorded/param-missing.json',
  'page/recorded/article.html',
  'page/recorded/robots.txt',
].map((path) => readFileSync(new URL(path, import.meta.url), 'utf8'));

function questionsOf(provider: Provider): Question[] {
  const surfaces = new Map(provider.asks.map(({ surface, unit }) => [surface, unit]));
  const questions = [...surfaces].flatMap(([surface, unit]) =>
    UNITS[unit].map((value) => ({ surface, unit: value })),
  );
  return questions.slice(0, provider.batch.size === 1 ? 1 : undefined);
}

/** Replies in turn, the last for ever; a provider that asks without end fails the test by its time. */
function findingsFor(
  provider: Provider,
  questions: readonly Question[],
  replies: readonly ProviderReply[],
): Findings {
  if ('steps' in provider) {
    return play(provider, questions, (_request, at) => replies[Math.min(at, replies.length - 1)]!).findings;
  }
  const requests = provider.request(questions, CONTEXT);
  return provider.parse(
    requests.map((_, at) => replies[at % replies.length]!),
    questions,
    CONTEXT,
  );
}

test('ids are unique over providers and asks, and stand in the order of the flow', () => {
  expect(() => createRegistry(builtInProviders)).not.toThrow();
  expect(builtInProviders.map(({ id }) => id)).toEqual([
    'page',
    'dns',
    'rdap',
    'safebrowsing',
    'openpagerank',
    'moz',
  ]);
  const rounds = builtInProviders.map(({ asks }) => Math.min(...asks.map(({ round }) => round)));
  expect(rounds).toEqual([...rounds].sort());
});

test('needs name asks of round one', () => {
  const { asks } = createRegistry(builtInProviders);
  for (const { needs, round } of asks.values()) {
    expect(Boolean(needs)).toBe(round === 2);
    if (needs) expect(asks.get(needs.from)?.round).toBe(1);
    if (needs?.unlessSameAs) expect(asks.get(needs.unlessSameAs)?.round).toBe(1);
  }
});

test('without keys the keyless are on, with a key its provider too, and PROVIDERS narrows', () => {
  const registry = createRegistry(builtInProviders);
  const on = (environment: Record<string, string>, only?: string) =>
    enabledProviders(registry, environment, only).map(({ id }) => id);
  expect(on({})).toEqual(['page', 'dns', 'rdap']);
  expect(on({ MOZ_TOKEN: 'x' })).toEqual(['page', 'dns', 'rdap', 'moz']);
  expect(on({ MOZ_TOKEN: 'x' }, 'moz, dns')).toEqual(['dns', 'moz']);
});

describe.each(builtInProviders)('$id', (provider) => {
  test('every metric has its own id, a meaning, and a range where it is a number', () => {
    const ids = provider.metrics.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const metric of provider.metrics) {
      expect(metric.id).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(metric.meaning.length).toBeGreaterThan(2);
      if (metric.type === 'integer' || metric.type === 'number') expect(metric.range?.length).toBe(2);
    }
  });

  test('its settings can work', () => {
    expect(provider.batch.size === 1 ? provider.batch.lingerMs : 0).toBe(0);
    expect(provider.limits.length).toBeGreaterThan(0);
    expect(
      Math.min(provider.concurrency, provider.timeoutMs, provider.breaker.volume, provider.version),
    ).toBeGreaterThan(0);
    expect(new URL(provider.docs).protocol).toBe('https:');
    for (const question of questionsOf(provider)) expect(provider.limitKey(question)).toMatch(/^\S+$/);
  });

  test('the key stands in no finding, and in the address only where the contract wants it', () => {
    if (provider.auth.kind === 'none' || 'steps' in provider) return;
    const questions = questionsOf(provider);
    const inUrl = provider.request(questions, CONTEXT).some(({ url }) => url.includes(CONTEXT.key));
    expect(inUrl).toBe(provider.id === 'safebrowsing');
    const echo = reply({ error: { code: 400, message: `bad ${CONTEXT.key}` } }, { status: 400 });
    expect(JSON.stringify([...findingsFor(provider, questions, [echo])])).not.toContain(CONTEXT.key);
  });

  test('any reply at all: no throw, only defined metrics of their type and range', () => {
    const questions = questionsOf(provider);
    fc.assert(
      fc.property(fc.array(anyReply(), { minLength: 1, maxLength: 6 }), (replies) => {
        expectSane(provider, findingsFor(provider, questions, replies), questions);
      }),
      { numRuns: 400 },
    );
  });
});

function anyReply(): fc.Arbitrary<ProviderReply> {
  const body = fc.oneof(
    fc.constantFrom(...RECORDED),
    fc.constantFrom(...RECORDED).chain(damaged),
    fc.json({ maxDepth: 4 }),
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc
      .array(fc.constantFrom(...'<>/"=& ', 'a', 'href', 'meta', '<script', '<title>', '<!--', '&amp'), {
        maxLength: 60,
      })
      .map((parts) => parts.join('')),
  );
  const error = fc.constantFrom(
    'dns',
    'refused',
    'blocked_address',
    'tls',
    'timeout',
    'reset',
    'protocol',
    'too_large',
  );
  const answered = fc
    .record({
      body,
      status: fc.constantFrom(200, 200, 200, 200, 204, 301, 302, 400, 401, 403, 404, 429, 500, 503),
      headers: anyHeaders(),
      truncated: fc.boolean(),
    })
    .map(({ body: text, ...parts }) => reply(text, parts));
  return fc.oneof(
    { weight: 9, arbitrary: answered },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('error'),
        error,
        message: fc.string(),
      }) as fc.Arbitrary<ProviderReply>,
    },
  );
}

function anyHeaders(): fc.Arbitrary<Record<string, string>> {
  return fc.record(
    {
      'content-type': fc.constantFrom(
        'text/html',
        'application/json',
        'text/html; charset=utf-16',
        'image/png',
        ';',
      ),
      location: fc.oneof(
        fc.constantFrom('/', '/b', 'https://b.example/', 'ftp://x', '//', 'http://[::1'),
        fc.string(),
      ),
      'retry-after': fc.oneof(fc.constantFrom('3', 'Tue, 24 Nov 2026 13:00:00 GMT'), fc.string()),
      'x-robots-tag': fc.oneof(fc.constantFrom('assay: none', 'noindex'), fc.string()),
      'strict-transport-security': fc.string(),
    },
    { requiredKeys: [] },
  );
}

/** A recorded answer with one value replaced by any other, or with a piece cut out. */
function damaged(text: string): fc.Arbitrary<string> {
  const cut = fc
    .tuple(fc.nat(text.length), fc.nat(40))
    .map(([at, length]) => text.slice(0, at) + text.slice(at + length));
  if (!text.startsWith('{')) return cut;
  const values = [...text.matchAll(/:\s*("[^"]*"|-?[\d.]+|true|false|null)/g)];
  const replaced = fc.tuple(fc.nat(values.length - 1), fc.json({ maxDepth: 2 })).map(([which, json]) => {
    const value = values[which]!;
    return `${text.slice(0, value.index)}:${json}${text.slice(value.index + value[0].length)}`;
  });
  return fc.oneof(cut, { weight: 3, arbitrary: replaced });
}
