import type { AnswerStore, FreshAnswer } from './answer-store.js';
import { KeptAnswers, keeping } from './kept-answers.js';
import { KeptFailures } from './kept-failures.js';

const answer = (id: string, fetchedAt: number): FreshAnswer => ({
  key: 'k',
  id,
  outcome: 'ok',
  fetchedAt,
  expiresAt: fetchedAt + 1_000,
});

test('the newer answer stays, whichever comes last', () => {
  const kept = new KeptAnswers();
  kept.keep([answer('new', 2)]);
  kept.keep([answer('old', 1)]);
  expect(kept.get('k')?.id).toBe('new');
});

test('what is found and what is committed is kept, and nothing that was not committed', async () => {
  const kept = new KeptAnswers();
  let away = true;
  const store = keeping(
    {
      findFresh: () => Promise.resolve([answer('found', 1)]),
      commit: () => (away ? Promise.reject(new RangeError('away')) : Promise.resolve()),
      purchases: {} as AnswerStore['purchases'],
    },
    kept,
  );
  await store.findFresh(['k']);
  expect(kept.get('k')?.id).toBe('found');
  const given = { ...answer('bought', 2), surface: 's', version: 1, unit: 'u', numbers: { n: 1 } };
  const commit = { answers: [given], ended: [], minutes: [] };
  await expect(store.commit(commit)).rejects.toThrow(RangeError);
  expect(kept.get('k')?.id).toBe('found');
  away = false;
  await store.commit(commit);
  expect(kept.get('k')).toEqual(answer('bought', 2));
});

test('a failure serves rows dispatched before it for five seconds; later ones and retries ask', () => {
  const failures = new KeptFailures();
  failures.keep('k', { class: 'timeout', message: 'slow' }, 10_000);
  expect(failures.find('k', 9_000, 14_999)?.class).toBe('timeout');
  expect(failures.find('k', 9_000, 15_000)).toBeUndefined();
  expect(failures.find('k', 10_001, 11_000)).toBeUndefined();
  failures.keep('quota', { class: 'quota', message: 'spent' }, 10_000);
  expect(failures.find('quota', 9_000, 10_001)).toBeUndefined();
});
