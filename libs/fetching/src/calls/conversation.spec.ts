import type { AskContext, Provider, ProviderReply, ProviderRequest } from '@assay/providers';
import { rankProvider } from '../runtime/runtime.fixture.js';
import { metricTable } from './check-finding.js';
import { converse } from './conversation.js';

const REQUESTS: ProviderRequest[] = ['a', 'b', 'c'].map((path) => ({
  method: 'GET',
  url: `http://ranks.test/${path}`,
}));

test('of several requests that go out together all have ended when it is over, whatever became of the first', async () => {
  const provider = { ...rankProvider(), request: () => REQUESTS } as Provider;
  const waiting: ((reply: ProviderReply) => void)[] = [];
  let over = false;
  const exchange = ({ url }: ProviderRequest) =>
    url.endsWith('/a')
      ? Promise.reject(new Error('late'))
      : new Promise<ProviderReply>((resolve) => waiting.push(resolve));
  const ended = converse({
    provider,
    metrics: metricTable(provider.metrics),
    questions: [{ surface: 'ranks', unit: 'a.test' }],
    context: {} as AskContext,
    exchange,
  }).finally(() => (over = true));
  const told = expect(ended).rejects.toThrow('late');
  for (const resolve of waiting) {
    await new Promise(setImmediate);
    expect(over).toBe(false);
    resolve({ kind: 'error', error: 'timeout', message: '' });
  }
  await told;
});
