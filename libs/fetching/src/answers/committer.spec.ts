import { AnswersRefused, type Commit, type EndedCall, type NewAnswer } from './answer-store.js';
import { Committer } from './committer.js';

const answer = (unit: string) => ({ unit, outcome: 'ok' }) as unknown as NewAnswer;
const ended = (id: string): EndedCall => ({
  id,
  class: 'ok',
  requests: 1,
  charged: 'yes',
  latencyMs: 5,
  bytes: 10,
  units: [{ key: id, outcome: 'ok', charged: 'yes' }],
});

/** A store that keeps what it took. */
function heldStore() {
  const held = { away: false, spoilt: '', taken: [] as Commit[] };
  const commit = (given: Commit) => {
    if (held.away) return Promise.reject(new Error('away'));
    if (held.spoilt && given.answers.some(({ unit }) => unit === held.spoilt))
      return Promise.reject(new AnswersRefused(new Error('bad')));
    held.taken.push(given);
    return Promise.resolve();
  };
  return { held, committer: new Committer({ commit } as never, 0) };
}

test('a call and its answers are committed together', async () => {
  const { held, committer } = heldStore();
  await Promise.all([committer.add([answer('a')], ended('one')), committer.add([answer('b')])]);
  expect(held.taken).toEqual([{ answers: [answer('a'), answer('b')], ended: [ended('one')], minutes: [] }]);
});

test('what was bought and could not be committed is committed later', async () => {
  const { held, committer } = heldStore();
  held.away = true;
  await expect(committer.add([answer('a')], ended('one'))).rejects.toThrow('away');
  expect(committer.owedCalls).toEqual(['one']);
  held.away = false;
  await committer.drain();
  expect(held.taken).toEqual([{ answers: [answer('a')], ended: [ended('one')], minutes: [] }]);
  expect(committer.owedCalls).toEqual([]);
});

test('an answer that no table takes ends its call as malformed, and takes no other with it', async () => {
  const { held, committer } = heldStore();
  held.spoilt = 'bad';
  const [good, bad] = [
    committer.add([answer('a')], ended('one')),
    committer.add([answer('bad')], ended('two')),
  ];
  await good;
  await expect(bad).rejects.toThrow(AnswersRefused);
  expect(held.taken).toEqual([
    { answers: [answer('a')], ended: [ended('one')], minutes: [] },
    {
      answers: [],
      ended: [
        {
          ...ended('two'),
          class: 'malformed',
          units: [{ key: 'two', outcome: 'malformed', charged: 'yes' }],
        },
      ],
      minutes: [],
    },
  ]);
});
