import type { ProviderDefinition, ProviderReply, ProviderRequest } from '@assay/providers';
import { SharedReplies } from '../calls/shared-replies.js';
import type { Credential } from '../governor/credential.js';
import type { Governor } from '../governor/governor.js';
import type { InHand } from '../permits/permit.js';
import type { SendOptions } from '../transport/transport.js';
import { Line, type Entered, type Key, type LineRights, type Waiting } from './line.js';
import { rankProvider } from './runtime.fixture.js';
import { StartedLate, StepRefused, type StepEntry } from './step-entry.js';

const NOW = 1_700_000_000_000;
const REQUEST: ProviderRequest = { method: 'GET', url: 'http://ranks.test/' };
const ROBOTS: ProviderRequest = { ...REQUEST, sharedForMs: 60_000 };
const REPLY = { kind: 'error', error: 'reset', message: '' } as const;
const LATE = { kind: 'error', error: 'timeout', message: '', unsent: true, late: true } as const;

interface Given extends Partial<LineRights> {
  readonly provider?: Partial<ProviderDefinition>;
  readonly shared?: SharedReplies;
  readonly governor?: Governor<Waiting>;
  /** Runs before the socket of the nth request stands. */
  readonly connecting?: (nth: number) => void | Promise<void>;
}

/** A line over a transport that asks whether it may send; `sent`: which requests it sent. */
function open({ provider, shared = new SharedReplies(), governor, connecting, ...rights }: Given = {}) {
  const sent: number[] = [];
  let requests = 0;
  const send = async (_: ProviderRequest, options: SendOptions): Promise<ProviderReply> => {
    const nth = ++requests;
    await connecting?.(nth);
    if (options.mayStart?.() === false) return LATE;
    sent.push(nth);
    return REPLY;
  };
  const line = new Line(
    {
      provider: rankProvider(provider),
      transport: { send, close: () => Promise.resolve() },
      shared,
      governor: governor ?? ({} as Governor<Waiting>),
      now: () => NOW,
      steps: new Set(),
    },
    {
      key: { name: 'ranks' } as Key,
      lane: 'bulk',
      expiresAt: NOW + 10_000,
      waitUntil: NOW + 10_000,
      ...rights,
    },
  );
  return { line, sent };
}

const PRICED = { price: { perUnitMicroUsd: 5 } };
const together = (line: Line) => Promise.allSettled([1, 2, 3].map(() => line.exchange(REQUEST)));

test('the permit is asked for the first request of a conversation, not for those that follow', async () => {
  let looks = 0;
  const { line, sent } = open({ mayStart: () => ++looks > 0 });
  for (let i = 0; i < 3; i++) await line.exchange(REQUEST);
  expect([looks, sent]).toEqual([1, [1, 2, 3]]);
  const late = open({ mayStart: () => false });
  await expect(late.line.exchange(REQUEST)).rejects.toThrow(StartedLate);
  expect([late.sent, late.line.sent, late.line.spent]).toEqual([[], 0, false]);
});

test.each([
  ['all are put off where the first is', false, []],
  ['all go where the first does', true, [1, 2, 3]],
])('of several that go out together %s: none is made twice', async (_, first, expected) => {
  const answers = [first, !first, !first];
  const { line, sent } = open({ mayStart: () => answers.shift()! });
  line.sending(3);
  await together(line);
  expect(sent).toEqual(expected);
});

test('a process that loses its rights sends no further request, and begins anew where nothing was billed', async () => {
  let until = Infinity;
  const { line, sent } = open({ hasRights: () => until > NOW });
  await line.exchange(REQUEST);
  until = 0;
  await expect(line.exchange(REQUEST)).rejects.toThrow(StartedLate);
  await expect(line.exchange(ROBOTS)).rejects.toThrow(StartedLate);
  expect([sent, line.spent]).toEqual([[1], true]);
});

test('nor does the rest of several go out that were let through together, when their sockets stand later', async () => {
  let until = Infinity;
  const connecting = async (nth: number) => {
    for (let turns = nth > 1 ? 5 : 0; turns > 0; turns--) await Promise.resolve();
    if (nth > 1) until = 0;
  };
  const { line, sent } = open({ hasRights: () => until > NOW, mayStart: () => true, connecting });
  line.sending(3);
  const settled = await together(line);
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  expect([sent, line.sent]).toEqual([[1], 1]);
});

test('where it may have been billed the rest counts as not sent: it is not bought again', async () => {
  let until = Infinity;
  const shared = new SharedReplies();
  const given = { shared, provider: PRICED, hasRights: () => until > NOW, mayStart: () => true };
  const { line, sent } = open(given);
  await line.exchange(REQUEST);
  until = 0;
  expect(await line.exchange(REQUEST)).toMatchObject({ kind: 'error', unsent: true });
  until = Infinity;
  expect(await line.exchange(REQUEST)).toMatchObject({ kind: 'error', unsent: true });
  expect(await line.exchange(ROBOTS)).toMatchObject({ kind: 'error', unsent: true });
  expect(sent).toEqual([1]);
  // Nobody else is given that for the reply.
  expect(await open({ shared }).line.exchange(ROBOTS)).toEqual(REPLY);
});

test('a permit of another key is looked at when the call goes, and goes back where it does not', async () => {
  const permit = { at: NOW, until: NOW + 50 } as InHand;
  const unspent: InHand[] = [];
  const credential = { unspent: (one: InHand) => unspent.push(one) } as unknown as Credential;
  const key = { name: 'elsewhere' } as Key;
  const governor = {
    key: () => key,
    offer: (_: Key, entry: StepEntry) => entry.go({ credential, permit }),
    pump: () => undefined,
    release: () => undefined,
  } as unknown as Governor<Waiting>;
  const looks: unknown[] = [];
  const mayStart = (_: boolean, entered?: Entered) => looks.push(entered) < 2;
  const { line, sent } = open({ mayStart, governor });
  await line.exchange(REQUEST);
  await expect(line.exchange({ ...REQUEST, limitKey: 'elsewhere' })).rejects.toThrow(StartedLate);
  expect(looks).toEqual([undefined, { key, credential, permit }]);
  expect([sent, unspent]).toEqual([[1], [permit]]);
});

test.each([
  ['before it is sent', () => undefined],
  ['while its socket comes to stand', (cancel: () => void) => cancel()],
])('a cancelled conversation sends no further request: looked at %s', async (_, connecting) => {
  let isCancelled = false;
  const cancel = () => void (isCancelled = true);
  const { line, sent } = open({
    isCancelled: () => isCancelled,
    connecting: (nth) => (nth > 1 ? connecting(cancel) : undefined),
  });
  await line.exchange(REQUEST);
  if (connecting.length === 0) cancel();
  await expect(line.exchange(REQUEST)).rejects.toThrow(new StepRefused('cancelled'));
  expect([sent, line.sent]).toEqual([[1], 1]);
});

test('who shares a robots.txt with a cancelled conversation asks for it himself', async () => {
  const shared = new SharedReplies();
  let isCancelled = false;
  const cancelled = open({
    shared,
    isCancelled: () => isCancelled,
    connecting: () => void (isCancelled = true),
  });
  const other = open({ shared });
  const replies = await Promise.allSettled([cancelled.line.exchange(ROBOTS), other.line.exchange(ROBOTS)]);
  expect(replies).toMatchObject([{ reason: new StepRefused('cancelled') }, { value: REPLY }]);
  expect([cancelled.sent, other.sent]).toEqual([[], [1]]);
});
