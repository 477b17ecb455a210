import { asked, CONTEXT, findingsOf, recorded, reply } from '../spec-support/replies.js';
import { pagespeed } from './pagespeed.js';

const QUESTIONS = asked('pagespeed.desktop', 'https://example.com/?a=1&b=2');
const RUN = recorded(import.meta.url, 'run.json');
const of = (body: object, parts = {}) => findingsOf(pagespeed, QUESTIONS, [reply(body, parts)])[0];

test('asks for four categories of one strategy, a surface each', () => {
  const params = (surface: string) =>
    new URL(pagespeed.request(asked(surface, QUESTIONS[0]!.unit), CONTEXT)[0]!.url).searchParams;
  expect(params('pagespeed.desktop').get('strategy')).toBe('desktop');
  expect(params('pagespeed.mobile').get('strategy')).toBe('mobile');
  expect(params('pagespeed.mobile').getAll('category')).toEqual([
    'PERFORMANCE',
    'SEO',
    'ACCESSIBILITY',
    'BEST_PRACTICES',
  ]);
  expect(params('pagespeed.mobile').get('url')).toBe(QUESTIONS[0]!.unit);
});

test('a score of null is left out, no field data has no verdict', () => {
  const finding = of({
    ...RUN,
    loadingExperience: { metrics: {}, overall_category: 'NONE', origin_fallback: true },
  });
  expect(finding).not.toHaveProperty('numbers.best_practices');
  expect(Object.keys((finding as { numbers: object }).numbers).some((id) => id.startsWith('field_'))).toBe(
    false,
  );
});

test.each(['ERRORED_DOCUMENT_REQUEST', 'NO_FCP', 'NOT_HTML', 'DNS_FAILURE'])(
  '%s is a fact about the page',
  (code) => {
    expect(of({ lighthouseResult: { ...RUN.lighthouseResult, runtimeError: { code } } })).toEqual({
      outcome: 'absent',
      reason: code,
    });
  },
);

test('an error that is none of the page counts against the provider', () => {
  const error = { code: 500, message: 'Lighthouse returned error: Something went wrong.' };
  expect(of({ error }, { status: 500 })).toMatchObject({ outcome: 'failed', class: 'server' });
});

test.each([1.5, -0.2, '1'])('a performance of %j is malformed', (score) => {
  const lighthouseResult = { ...RUN.lighthouseResult, categories: { performance: { score } } };
  expect(of({ ...RUN, lighthouseResult })).toMatchObject({ outcome: 'failed', class: 'malformed' });
});
