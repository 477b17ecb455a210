import { questionKey, type Finding, type Findings, type Provider, type Question } from '../provider.js';
import { faultOf } from '../read-numbers.js';

/** Every finding answers a question of ours, and every number is a defined metric of its type and range. */
export function expectSane(provider: Provider, findings: Findings, questions: readonly Question[]): void {
  const keys = new Set(questions.map(questionKey));
  for (const [key, finding] of findings) {
    expect(keys).toContain(key);
    expect(faultsOf(provider, finding)).toEqual([]);
  }
}

function faultsOf(provider: Provider, finding: Finding): string[] {
  if (finding.outcome === 'failed') return isWait(finding.retryAfterMs) ? [] : ['retryAfterMs'];
  if (finding.outcome === 'skipped') return [];
  const ttl = isWait(finding.ttlMs) ? [] : ['ttlMs'];
  return finding.outcome === 'ok' ? [...ttl, ...numberFaults(provider, finding.numbers)] : ttl;
}

function numberFaults(provider: Provider, numbers: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(numbers).flatMap(([id, value]) => {
    const metric = provider.metrics.find((one) => one.id === id);
    const fault = metric ? faultOf(value, metric) : `${id} is not defined`;
    return fault ? [fault] : [];
  });
}

function isWait(ms: number | undefined): boolean {
  return ms === undefined || (Number.isFinite(ms) && ms >= 0);
}
