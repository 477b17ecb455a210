import { builtInProviders, sendsNothing, type AskContext, type Question } from '@assay/providers';
import { findUnasked } from './find-unasked.js';

const context: AskContext = { key: 'id:secret', userAgent: 'Assay/test', now: 0, requestId: 'one' };

const priced = builtInProviders.filter(({ price }) => price !== undefined);
const cases = priced.flatMap((provider) =>
  [...new Set(provider.asks.map(({ surface }) => surface))].flatMap((surface) =>
    ['192.0.2.7', 'a.example', 'https://192.0.2.7/', 'https://a.example/b'].map((unit) => ({
      name: `${surface} ${unit}`,
      provider,
      question: { surface, unit } satisfies Question,
    })),
  ),
);

test('where an adapter of a priced provider sends nothing it says why, and where it sends something it is asked', () => {
  let unasked = 0;
  for (const { name, provider, question } of cases) {
    const finding = findUnasked(provider, question, context);
    const expected = sendsNothing(provider, [question]) ? 'skipped' : undefined;
    expect([name, finding?.outcome]).toEqual([name, expected]);
    if (finding) unasked++;
  }
  expect(unasked).toBeGreaterThan(0);
});
