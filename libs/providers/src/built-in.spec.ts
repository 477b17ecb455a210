import fc from 'fast-check';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtInProviders } from './built-in.js';
import type { Findings, Provider, ProviderReply, Question } from './provider.js';
import { createRegistry, enabledProviders, keysOf } from './registry.js';
import { CONTEXT, play, reply } from './spec-support/replies.js';
import { expectSane } from './spec-support/sane-findings.js';

const UNITS = {
  url: ['https://example.com/a', 'http://www.urltocheck1.org/', 'https://moz.com/blog'],
  host: ['example.com', '192.0.2.7'],
  origin: ['https://example.com'],
  domain: ['example.com', 'moz.com', 'a.github.io', '192.0.2.7'],
  handle: ['ada'],
} as const;
const HERE = new URL('.', import.meta.url);
/** Folders of providers: those that hold a file of their own name. */
const FOLDERS = readdirSync(HERE, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(new URL(`${entry.name}/${entry.name}.ts`, HERE)))
  .map(({ name }) => name);
const RECORDED = FOLDERS.flatMap((name) => {
  const folder = new URL(`${name}/recorded/`, HERE);
  return readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8'));
});

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

test('every folder of a provider is in the list: npm run provider:new puts it there', () => {
  expect(builtInProviders.map(({ id }) => id).toSorted()).toEqual(FOLDERS.toSorted());
});

test('ids are unique over providers and asks, and stand in the order of the flow', () => {
  expect(() => createRegistry(builtInProviders)).not.toThrow();
  const rounds = builtInProviders.map(({ asks }) => Math.min(...asks.map(({ round }) => round)));
  expect(rounds).toEqual(rounds.toSorted());
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
  const free = on({});
  expect(free.slice(0, 4)).toEqual(['page', 'robots', 'dns', 'rdap']);
  expect(free).toContain('github');
  expect(free).not.toContain('moz');
  expect(on({ MOZ_TOKEN: 'x' }).filter((id) => !free.includes(id))).toEqual(['moz']);
  expect(on({ MOZ_TOKEN: ' , ' })).toEqual(free);
  expect(on({ MOZ_TOKEN: 'x' }, 'moz, dns')).toEqual(['dns', 'moz']);
});

test('several keys stand in one variable, each once', () => {
  const moz = builtInProviders.find(({ id }) => id === 'moz')!;
  expect(keysOf(moz, { MOZ_TOKEN: 'a, b,,a' })).toEqual(['a', 'b']);
  expect(keysOf(moz, {})).toEqual([]);
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
    for (const window of [...provider.limits, ...(provider.limitsWithoutKey ?? [])])
      if (window.resets) expect(window.perMs).toBe(86_400_000);
  });

  test('it says when it was compared with its contract, and has a canary of its own surfaces', () => {
    expect(provider.checked).toMatch(/^2\d{3}-\d\d-\d\d$/);
    const surfaces = provider.asks.map(({ surface }) => surface);
    expect(surfaces).toContain(provider.canary?.surface);
    expect(provider.canary?.unit).toMatch(/\S/);
  });

  test('asks measure metrics that there are, and every metric is measured by one', () => {
    const all = provider.metrics.map(({ id }) => id);
    const measured = new Set(provider.asks.flatMap(({ metrics }) => metrics ?? all));
    expect([...measured].toSorted()).toEqual(all.toSorted());
  });

  test('any reply at all: no throw, only defined metrics of their type and range', () => {
    const questions = questionsOf(provider);
    fc.assert(
      fc.property(fc.array(anyReply(), { minLength: 1, maxLength: 6 }), (replies) => {
        expectSane(provider, findingsFor(provider, questions, replies), questions);
      }),
      { numRuns: 150 },
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
  if (values.length === 0) return cut;
  const replaced = fc.tuple(fc.nat(values.length - 1), fc.json({ maxDepth: 2 })).map(([which, json]) => {
    const value = values[which]!;
    return `${text.slice(0, value.index)}:${json}${text.slice(value.index + value[0].length)}`;
  });
  return fc.oneof(cut, { weight: 3, arbitrary: replaced });
}
