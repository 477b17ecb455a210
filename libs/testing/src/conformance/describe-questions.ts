import { requestsOf } from '@assay/providers';
import { oddQuestions } from './odd-questions.js';
import { askOddly, expectSound, ownHosts } from './sound-requests.js';
import { playGood, type Subject } from './subject.js';

/** Units at the edges of what a row may hold: whatever they are, the request is sound. */
export function describeQuestions(subject: Subject): void {
  const { provider, examples } = subject;
  test('a batch of all that it may be asked is no more calls than the shortest of its limits', () => {
    if (!provider.canary) return;
    const { unit } = provider.canary;
    const mixed = provider.asks.map(({ surface }) => ({ surface, unit })).slice(0, provider.batch.size);
    const calls = provider.limits.filter(({ of }) => of === 'calls').map(({ permits }) => permits);
    expect('request' in provider ? requestsOf(provider, mixed).most : 1).toBeLessThanOrEqual(
      Math.min(...calls),
    );
  });
  for (const { name, question } of oddQuestions(provider))
    test(`an odd unit (${name}): a sound request`, async () => {
      const played = await askOddly(provider, question);
      expectSound(provider, played);
      if (examples.good.replies.some(({ before }) => before)) return;
      const known = ownHosts(await playGood(subject));
      for (const host of ownHosts(played)) expect(known).toContain(host);
    });
}
