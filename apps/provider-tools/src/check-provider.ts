import { metricsOfAsk, worksWithoutKey, type Finding, type Provider } from '@assay/providers';
import { askOnce, type Asked, type AskingParts } from './ask-once.js';

/**
 * ok: numbers as defined · drifted: an answer of another shape, or nothing about a unit that it knows · auth: the key is
 * refused · quota: it is spent, or too many calls · down: no usable answer · off: no key is set, not asked.
 */
export type CheckState = 'ok' | 'drifted' | 'auth' | 'quota' | 'down' | 'off';

export interface Check {
  readonly provider: string;
  /** Place among several keys, from 1; absent where there is one or none. */
  readonly key?: number;
  readonly state: CheckState;
  readonly detail: string;
  readonly quotaLeft?: number;
  readonly tookMs?: number;
}

/** Asks a provider for its canary with each of its keys. */
export async function checkProvider(
  provider: Provider,
  keys: readonly string[],
  parts: AskingParts,
): Promise<Check[]> {
  if (keys.length === 0 && !worksWithoutKey(provider)) {
    const detail = provider.auth.kind === 'key' ? `${provider.auth.env} is not set` : '';
    return [{ provider: provider.id, state: 'off', detail }];
  }
  const asked = keys.length === 0 ? [''] : keys;
  return Promise.all(
    asked.map(async (key, at) => {
      const check = await checkKey(provider, key, parts);
      return asked.length > 1 ? { ...check, key: at + 1 } : check;
    }),
  );
}

async function checkKey(provider: Provider, key: string, parts: AskingParts): Promise<Check> {
  const { id, canary } = provider;
  if (!canary) return { provider: id, state: 'off', detail: 'has no canary' };
  const asked = await askOnce(provider, canary, key, parts);
  const left = quotaLeft(provider, asked);
  return {
    provider: id,
    ...judge(asked.finding, missingNumbers(provider, asked.finding), canary.outcome),
    tookMs: asked.tookMs,
    ...(left === undefined ? {} : { quotaLeft: left }),
  };
}

/** Numbers that the canary's ask can measure and this answer lacks: some are rare, so this is a word, not a fault. */
function missingNumbers(provider: Provider, finding: Finding): string[] {
  if (finding.outcome !== 'ok') return [];
  const ask = provider.asks.find(({ surface }) => surface === provider.canary?.surface);
  const all = ask ? metricsOfAsk(ask, provider.metrics) : provider.metrics;
  return all.map(({ id }) => id).filter((id) => !(id in finding.numbers));
}

const FAILED: Readonly<Record<string, CheckState>> = {
  auth: 'auth',
  quota: 'quota',
  rate_limited: 'quota',
  malformed: 'drifted',
  bad_request: 'drifted',
};

/** What a finding about a canary says of the provider. */
export function judge(
  finding: Finding,
  missing: readonly string[],
  expected: 'ok' | 'absent' = 'ok',
): Pick<Check, 'state' | 'detail'> {
  if (expected === 'absent' && finding.outcome === 'absent')
    return { state: 'ok', detail: 'nothing, as it should be' };
  switch (finding.outcome) {
    case 'ok': {
      const count = Object.keys(finding.numbers).length;
      const words = missing.length > 0 ? `, without ${missing.join(', ')}` : '';
      return expected === 'ok'
        ? { state: 'ok', detail: `${count} numbers${words}` }
        : { state: 'drifted', detail: `${count} numbers where there are none` };
    }
    case 'absent':
      return { state: 'drifted', detail: `says it has nothing: ${finding.reason ?? 'no reason'}` };
    case 'skipped':
      return { state: 'drifted', detail: `was not asked: ${finding.reason}` };
    case 'failed':
      return { state: FAILED[finding.class] ?? 'down', detail: `${finding.class}: ${finding.message}` };
  }
}

function quotaLeft({ quotaLeft: read }: Provider, { exchanges }: Asked): number | undefined {
  const replies = exchanges.map(({ reply }) => read?.(reply)).filter((left) => left !== undefined);
  return replies.at(-1);
}

/** Whether somebody should look: a provider that is spent or switched off is in order. */
export function isAlarming({ state }: Check): boolean {
  return state === 'drifted' || state === 'auth' || state === 'down';
}
