import type { ProviderRequest } from '@assay/providers';
import { SharedReplies } from '../calls/shared-replies.js';
import type { Governor } from '../governor/governor.js';
import type { SendOptions } from '../transport/transport.js';
import { Line, type Key, type Waiting } from './line.js';
import { rankProvider } from './runtime.fixture.js';

const NOW = 1_700_000_000_000;
const REQUEST: ProviderRequest = { method: 'GET', url: 'http://ranks.test/' };

/** For each request: whether it may still be put off when its socket stands. */
async function putOff(together: number): Promise<boolean[]> {
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
      mayStart: () => false,
    },
  );
  line.sending(together);
  for (let i = 0; i < 3; i++) await line.exchange(REQUEST);
  return seen.map(({ mayStart }) => mayStart !== undefined);
}

test('the first request of a conversation may be put off, those that follow not', async () => {
  expect(await putOff(1)).toEqual([true, false, false]);
});

test('of several that go out together none is put off: the others would be made twice', async () => {
  expect(await putOff(3)).toEqual([false, false, false]);
});
