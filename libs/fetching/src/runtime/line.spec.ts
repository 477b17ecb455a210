import type { ProviderRequest } from '@assay/providers';
import { SharedReplies } from '../calls/shared-replies.js';
import type { Governor } from '../governor/governor.js';
import type { SendOptions } from '../transport/transport.js';
import { Line, type Key, type Waiting } from './line.js';
import { rankProvider } from './runtime.fixture.js';

const NOW = 1_700_000_000_000;
const REQUEST: ProviderRequest = { method: 'GET', url: 'http://ranks.test/' };

/** For each of three requests what it is told when its socket stands; `answers`: what the permit says, at each look. */
async function told(together: number, answers: readonly boolean[]): Promise<(boolean | undefined)[]> {
  const left = [...answers];
  const seen: SendOptions[] = [];
  const send = (_: ProviderRequest, options: SendOptions) => {
    seen.push(options);
    return Promise.resolve({ kind: 'error', error: 'timeout', message: '' } as const);
  };
  const line = new Line(
    {
      provider: rankProvider(),
      transport: { send, close: () => Promise.resolve() },
      shared: new SharedReplies(),
      governor: {} as Governor<Waiting>,
      now: () => NOW,
      steps: new Set(),
    },
    {
      key: { name: 'ranks' } as Key,
      lane: 'bulk',
      expiresAt: NOW + 10_000,
      waitUntil: NOW + 10_000,
      mayStart: () => left.shift()!,
    },
  );
  line.sending(together);
  for (let i = 0; i < 3; i++) await line.exchange(REQUEST);
  return seen.map(({ mayStart }) => mayStart?.());
}

test('the first request of a conversation may be put off, those that follow not', async () => {
  expect(await told(1, [false])).toEqual([false, undefined, undefined]);
});

test.each([
  ['all are put off where the first is', false],
  ['all go where the first does', true],
])('of several that go out together %s: none is made twice', async (_, first) => {
  expect(await told(3, [first, !first, !first])).toEqual([first, first, first]);
});
