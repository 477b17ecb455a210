import { builtInProviders, type Finding, type Provider } from '@assay/providers';
import { loadExamples, type Example, type ProviderExamples } from '@assay/providers/examples';
import fc from 'fast-check';
import { absurdNumbers, BODY_CASES, wrongTypes } from './body-cases.js';
import { expectExample, expectFailed, expectLike, expectNothingElse } from './judge.js';
import { CANARY_KEY, playExample, replyOf, type Change } from './play-example.js';
import { rowCount, withRows } from './row-cases.js';
import { statusCases, type Case } from './status-cases.js';
import { askOddly, expectSound, oddQuestions, ownHosts } from './unit-cases.js';

// Every provider of the registry, so that a new folder is tested without a new line here.
const ALL = await Promise.all(
  builtInProviders.map(async (provider) => ({ provider, examples: await loadExamples(provider.id) })),
);

describe.each(ALL.map((one) => [one.provider.id, one] as const))('%s', (_id, { provider, examples }) => {
  const { good, absent, zero } = examples;
  const playGood = (change?: Change) => playExample(provider, good, change);
  const textChange =
    (make: (text: string) => string): Change =>
    (reply) => ({ ...reply, body: Buffer.from(make(reply.body.toString())) });

  test('good: numbers', async () => {
    const { findings, requests } = await playGood();
    expectExample(good, findings);
    expect(findings.some(({ outcome }) => outcome === 'ok')).toBe(true);
    expectSound(provider, { findings, requests });
  });

  testUnlessNever('absent: never 0', absent, async (example) => {
    const { findings } = await playExample(provider, example);
    expectExample(example, findings);
    for (const finding of findings) expect(finding.outcome).toBe('absent');
  });

  testUnlessNever('measured zero: never absent', zero, async (example) => {
    const { findings } = await playExample(provider, example);
    expectExample(example, findings);
    const numbers = findings.flatMap((finding) =>
      finding.outcome === 'ok' ? Object.values(finding.numbers) : [],
    );
    expect(numbers).toContain(0);
  });

  describe.each([...statusCases(provider), ...BODY_CASES])('$name', (one) => {
    test(wordsFor(one, examples), async () => {
      const { findings } = await playGood(one.change);
      judge(one, examples, findings);
    });
  });

  describe('its own refusals', () => {
    test.each(examples.refusals.map((refusal) => [refusal.name, refusal] as const))(
      '%s',
      async (_name, refusal) => {
        const { findings } = await playGood(() => replyOf(provider.id, refusal.reply));
        for (const finding of findings) expectLike(finding, refusal.finding);
      },
    );

    test('an error body with status 200, or the word that there is none', () => {
      const any = examples.refusals.some(({ reply }) => (reply.status ?? 200) === 200);
      expect(any || Boolean(examples.noErrorBody?.never)).toBe(true);
    });
  });

  test.each([
    ['a value of another type', wrongTypes],
    ['an absurd number', absurdNumbers],
  ] as const)('%s: less is said, nothing else', async (name, disturb) => {
    const undisturbed = (await playGood()).findings;
    const texts = good.replies
      .filter(({ before }) => !before)
      .map((reply) => replyOf(provider.id, reply).body.toString());
    for (const [at, text] of texts.entries()) {
      for (const disturbed of disturb(text)) {
        const { findings } = await playGood((reply) =>
          reply.body.toString() === texts[at] ? textChange(() => disturbed)(reply, NO_REQUEST) : reply,
        );
        const deviation = examples.deviations?.[name];
        if (deviation) for (const finding of findings) expectLike(finding, deviation.finding);
        else expectNothingElse(findings, undisturbed);
      }
    }
  });

  test('any reply at all: no throw, only defined metrics of their type and range', async () => {
    const texts = good.replies.map((reply) => replyOf(provider.id, reply).body.toString());
    const damage = fc.record({
      status: fc.constantFrom(200, 200, 200, 204, 301, 400, 404, 500),
      at: fc.nat(2_000),
      length: fc.nat(60),
      put: fc.oneof(fc.json({ maxDepth: 2 }), fc.string({ unit: 'binary', maxLength: 20 })),
      which: fc.nat(texts.length),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ status, at, length, put }) => {
        const { findings } = await playGood((reply) => {
          const text = reply.body.toString();
          const from = text.length === 0 ? 0 : at % text.length;
          const body = Buffer.from(text.slice(0, from) + put + text.slice(from + length));
          return { ...reply, status, body };
        });
        // A throw of the adapter is caught by the library and said so: it must not come to that.
        for (const finding of findings)
          expect(finding.outcome === 'failed' ? finding.message : '').not.toMatch(/^(request|answer): /);
      }),
      { numRuns: 60 },
    );
  });

  describe('odd units', () => {
    test.each(oddQuestions(provider).map(({ name, question }) => [name, question] as const))(
      '%s',
      async (_name, question) => {
        const played = await askOddly(provider, question);
        expectSound(provider, played);
        if (good.replies.every(({ before }) => !before)) {
          const known = ownHosts(await playGood());
          for (const host of ownHosts(played)) expect(known).toContain(host);
        }
      },
    );
  });

  test('the key stands in no finding, whatever the provider says of it', async () => {
    const echo = `{"error":{"code":401,"message":"bad key ${CANARY_KEY}","status":"X"},"message":"${CANARY_KEY}"}`;
    const bodies = [echo, CANARY_KEY, `ERROR 120 :: WRONG KEY ${CANARY_KEY}`, `<html>${CANARY_KEY}</html>`];
    const replies = [
      ...bodies,
      ...examples.refusals.map(({ reply }) => replyOf(provider.id, reply).body.toString()),
    ];
    for (const status of [200, 400, 401, 403, 404, 429, 500]) {
      for (const body of replies) {
        const { findings } = await playGood((reply) => ({ ...reply, status, body: Buffer.from(body) }));
        expect(JSON.stringify(findings)).not.toContain(CANARY_KEY);
      }
    }
  });

  if (provider.batch.size > 1 && examples.rows) describeRows(provider, examples);
  else if (provider.batch.size > 1)
    test('a provider that takes batches says where the rows stand', () =>
      expect(examples.rows).toBeDefined());
});

function describeRows(provider: Provider, examples: ProviderExamples): void {
  const { good } = examples;
  const rows = examples.rows!;
  const play = (map: (list: readonly unknown[]) => readonly unknown[]) =>
    playExample(provider, good, (reply) => ({
      ...reply,
      body: Buffer.from(withRows(reply.body.toString(), rows, map)),
    }));

  describe('rows of a batch', () => {
    test('at least two questions', () => expect(good.questions.length).toBeGreaterThan(1));

    test('in another order', async () => {
      expectExample(good, (await play((list) => list.toReversed())).findings);
    });

    test('each of them twice', async () => {
      expectExample(good, (await play((list) => [...list, ...list])).findings);
    });

    test('a stranger among them', async () => {
      expectExample(good, (await play((list) => [rows.stranger, ...list, rows.stranger])).findings);
    });

    test('one of them missing: its question fails or is absent, the others keep their own', async () => {
      const undisturbed = (await play((list) => list)).findings;
      const text = replyOf(
        provider.id,
        good.replies.find(({ before }) => !before)!,
      ).body.toString();
      for (let at = 0; at < rowCount(text, rows); at++) {
        const { findings } = await play((list) => list.filter((_, index) => index !== at));
        const deviation = examples.deviations?.['a row missing'];
        if (deviation) for (const finding of findings) expectLike(finding, deviation.finding);
        else expectNothingElse(findings, undisturbed);
      }
    });

    if (rows.reduced) testReduced(provider, good, rows.reduced, rows);
  });
}

function testReduced(
  provider: Provider,
  good: Example,
  { question, row }: NonNullable<NonNullable<ProviderExamples['rows']>['reduced']>,
  rows: NonNullable<ProviderExamples['rows']>,
): void {
  test("a parent domain's row in place of the one asked for", async () => {
    const example = { ...good, questions: [question] };
    const { findings } = await playExample(provider, example, (reply) => ({
      ...reply,
      body: Buffer.from(withRows(reply.body.toString(), rows, () => [row])),
    }));
    expect(findings).toMatchObject([{ outcome: 'ok' }]);
  });
}

const NO_REQUEST = { method: 'GET', url: 'https://none.example/' } as const;

function testUnlessNever(
  name: string,
  example: ProviderExamples['absent'],
  run: (example: Example) => Promise<void>,
): void {
  if ('never' in example)
    test(`${name} (cannot be: ${example.never})`, () => expect(example.never).toMatch(/\S/));
  else test(name, () => run(example));
}

function wordsFor(one: Case, { deviations }: ProviderExamples): string {
  const deviation = deviations?.[one.name];
  return deviation
    ? `${deviation.finding.outcome}, since ${deviation.why}`
    : `failed(${one.classes.join(' | ')})`;
}

function judge(one: Case, { deviations }: ProviderExamples, findings: readonly Finding[]): void {
  const deviation = deviations?.[one.name];
  if (deviation) for (const finding of findings) expectLike(finding, deviation.finding);
  else expectFailed(findings, ...one.classes);
  for (const finding of findings) one.check?.(finding);
}
