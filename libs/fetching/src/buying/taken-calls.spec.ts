import type { ProviderReply, ProviderRequest } from '@assay/providers';
import { StepRefused } from '../runtime/step-entry.js';
import { TakenCalls } from './taken-calls.js';

const REQUEST: ProviderRequest = { method: 'GET', url: 'http://one.test/' };
const SENT: ProviderReply = { kind: 'error', error: 'timeout', message: '' };
const UNSENT: ProviderReply = { ...SENT, unsent: true };

/** Taken by `one` and `two`; a further request is paid by `payers` in turn, null: nobody can. */
function fixture(first: number, payers: readonly (string | null)[] = [], paidBy = ['one', 'two']) {
  const given: [string, number][] = [];
  let further = 0;
  const taken = new TakenCalls(first, paidBy, {
    takeOne: async () => {
      const payer = payers[further++];
      return payer === null ? undefined : { payer };
    },
    giveBack: async (submissions, calls) =>
      void given.push(...submissions.map((one): [string, number] => [one, calls])),
  });
  return { taken, given };
}

const send = (taken: TakenCalls, reply: ProviderReply, request = REQUEST) =>
  taken.through(() => Promise.resolve(reply))(request);

test.each([
  ['nothing was sent', [], 3],
  ['one of three was', [SENT, UNSENT], 2],
  ['all were', [SENT, SENT, SENT], 0],
])('%s: the rest goes back to each who paid', async (_, replies, left) => {
  const { taken, given } = fixture(3);
  for (const reply of replies) await send(taken, reply);
  await taken.settle();
  expect(given).toEqual(
    left === 0
      ? []
      : [
          ['one', left],
          ['two', left],
        ],
  );
});

test('a further request goes back to who paid for it', async () => {
  const { taken, given } = fixture(1, ['two', 'one', undefined as never]);
  for (const reply of [SENT, SENT, UNSENT, UNSENT]) await send(taken, reply);
  await taken.settle();
  expect(given).toEqual([['one', 1]]);
});

test('one that waits too long for its permit was not sent', async () => {
  const { taken, given } = fixture(1, ['one']);
  await send(taken, SENT);
  const refused = taken.through(() => Promise.reject(new StepRefused('quota')))(REQUEST);
  await expect(refused).rejects.toThrow(StepRefused);
  await taken.settle();
  expect(given).toEqual([['one', 1]]);
});

test('beyond a ceiling nothing is sent', async () => {
  const { taken } = fixture(1, [null]);
  await send(taken, SENT);
  await expect(send(taken, SENT)).rejects.toThrow(StepRefused);
});

test('what is shared with other calls takes nothing', async () => {
  const { taken, given } = fixture(1, [null], ['one']);
  await send(taken, SENT, { ...REQUEST, sharedForMs: 1 });
  await send(taken, SENT);
  await taken.settle();
  expect(given).toEqual([]);
});

test('what cannot be given back stays taken', async () => {
  const refuse = () => Promise.reject(new Error('away'));
  const taken = new TakenCalls(1, ['one'], { takeOne: refuse, giveBack: refuse });
  await expect(taken.settle()).resolves.toBeUndefined();
});
