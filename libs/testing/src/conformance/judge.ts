import type { Finding } from '@assay/providers';
import type { Example } from '@assay/providers/examples';

/** Every finding is this failure, or one of these. */
export function expectFailed(findings: readonly Finding[], ...classes: string[]): void {
  expect(findings.length).toBeGreaterThan(0);
  for (const finding of findings) {
    expect(finding).toMatchObject({ outcome: 'failed' });
    expect(classes).toContain((finding as { class: string }).class);
  }
}

/** Findings are those of the example, their numbers whole. */
export function expectExample({ findings: expected }: Example, findings: readonly Finding[]): void {
  expect(findings).toHaveLength(expected.length);
  findings.forEach((finding, at) => expectLike(finding, expected[at]!));
}

/** `numbers`, where expected, is the whole of them: what the provider left out must be left out. */
export function expectLike(finding: Finding, expected: Partial<Finding>): void {
  expect(finding).toMatchObject(expected);
  if ('numbers' in expected) expect('numbers' in finding && finding.numbers).toEqual(expected.numbers);
}

/** No number that the undisturbed answer does not hold: a disturbed one may say less, never something else. */
export function expectNothingElse(findings: readonly Finding[], good: readonly Finding[]): void {
  findings.forEach((finding, at) => {
    if (finding.outcome !== 'ok') return;
    const known = good[at];
    expect(known?.outcome === 'ok' ? known.numbers : {}).toMatchObject(finding.numbers);
  });
}
