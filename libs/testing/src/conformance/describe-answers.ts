import type { Example, ProviderExamples } from '@assay/providers/examples';
import { expectExample, expectLike } from './judge.js';
import { playExample, replyOf } from './play-example.js';
import { playGood, type Subject } from './subject.js';
import { expectSound } from './sound-requests.js';

/** What the provider itself documents: numbers, nothing, zero, and its own ways of saying no. */
export function describeAnswers(subject: Subject): void {
  const { provider, examples } = subject;

  test('good: numbers', async () => {
    const played = await playGood(subject);
    expectExample(examples.good, played.findings);
    expect(played.findings.some(({ outcome }) => outcome === 'ok')).toBe(true);
    expectSound(provider, played);
  });

  testUnlessNever('absent: never 0', examples.absent, async (example) => {
    const { findings } = await playExample(provider, example);
    expectExample(example, findings);
    for (const finding of findings) expect(finding.outcome).toBe('absent');
  });

  testUnlessNever('measured zero: never absent', examples.zero, async (example) => {
    const { findings } = await playExample(provider, example);
    expectExample(example, findings);
    const numbers = findings.flatMap((one) => (one.outcome === 'ok' ? Object.values(one.numbers) : []));
    expect(numbers).toContain(0);
  });

  for (const { name, reply, finding } of examples.refusals)
    test(`its own refusal: ${name}`, async () => {
      const { findings } = await playGood(subject, () => replyOf(provider.id, reply));
      for (const one of findings) expectLike(one, finding);
    });

  test('it says no with status 200, or tells that it never does', () => {
    const any = examples.refusals.some(({ reply }) => (reply.status ?? 200) === 200);
    expect(any || Boolean(examples.noErrorBody?.never)).toBe(true);
  });
}

function testUnlessNever(
  name: string,
  example: ProviderExamples['absent'],
  run: (example: Example) => Promise<void>,
): void {
  if ('never' in example)
    test(`${name} (cannot be: ${example.never})`, () => expect(example.never).toMatch(/\S/));
  else test(name, () => run(example));
}
