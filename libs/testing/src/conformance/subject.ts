import type { Finding, Provider } from '@assay/providers';
import type { ProviderExamples } from '@assay/providers/examples';
import { expectLike } from './judge.js';
import { playExample, type Change, type Played } from './play-example.js';

/** What the kit tests: a provider and what its folder says of it. */
export interface Subject {
  readonly provider: Provider;
  readonly examples: ProviderExamples;
}

/** Plays the good example, with its answers changed. */
export function playGood({ provider, examples }: Subject, change?: Change): Promise<Played> {
  return playExample(provider, examples.good, change);
}

/** Another body in place of the answer's own. */
export function textChange(make: (text: string) => string): Change {
  return (reply) => ({ ...reply, body: Buffer.from(make(reply.body.toString())) });
}

/** Judges findings by the provider's own deviation from a case where it names one; true where it does. */
export function isDeviation({ examples }: Subject, name: string, findings: readonly Finding[]): boolean {
  const deviation = examples.deviations?.[name];
  if (deviation) for (const finding of findings) expectLike(finding, deviation.finding);
  return deviation !== undefined;
}

/** What is expected in a case, for the name of its test. */
export function wordsFor({ examples }: Subject, name: string, otherwise: string): string {
  const deviation = examples.deviations?.[name];
  return deviation ? `${deviation.finding.outcome ?? 'other'}, since ${deviation.why}` : otherwise;
}
