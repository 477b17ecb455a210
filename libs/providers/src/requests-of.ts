import {
  PACE_UP_TO_MS,
  type AskContext,
  type Findings,
  type Provider,
  type Question,
  type RequestsPerUnit,
} from './provider.js';

/** What a plan has in place of a key and a clock: it sends nothing. */
const NOBODY: AskContext = {
  key: 'id:secret',
  userAgent: 'plan',
  now: 0,
  requestId: '00000000-0000-4000-8000-000000000000',
};

const ONE: RequestsPerUnit = { least: 1, likely: 1, most: 1 };

/** HTTP requests that one batch of these questions takes, retries aside. All three are equal where only the questions decide. */
export function requestsOf(
  provider: Provider,
  questions: readonly Question[],
): Omit<RequestsPerUnit, 'perKey' | 'shared'> {
  const begun = beginning(provider, questions);
  if (begun === 0 || 'request' in provider) return { least: begun, likely: begun, most: begun };
  const { least, likely, most } = provider.requestsPerUnit ?? ONE;
  const n = questions.length;
  return { least: least * n, likely: likely * n, most: most * n };
}

/**
 * Calls that each batch pays for before it is let through, by the adapter's own word about a unit that every provider knows:
 * a look-up of five record types is five. Where a limit is a pace, a batch of all that it may be asked decides, since one
 * that took more than it had paid for would pass it. Each further step of a conversation pays for itself.
 */
export function callsPaid(provider: Provider): number {
  const { canary, asks, batch, limits } = provider;
  if (!('request' in provider) || !canary) return 1;
  const mixed = asks.map(({ surface }) => ({ surface, unit: canary.unit })).slice(0, batch.size);
  const paced = limits.some(({ perMs, of }) => of === 'calls' && perMs <= PACE_UP_TO_MS);
  return Math.max(1, requestsOf(provider, paced ? mixed : [canary]).likely);
}

/** Calls that a batch is likely to have paid for in the end, its further steps included. */
export function callsLikely(provider: Provider): number {
  const { canary } = provider;
  return Math.max(callsPaid(provider), canary ? requestsOf(provider, [canary]).likely : 1);
}

/** True where it is known before that the provider is not asked at all: an address has no registration. */
export function sendsNothing(provider: Provider, questions: readonly Question[]): boolean {
  return beginning(provider, questions) === 0;
}

/** Requests that go out before anything has come back. An adapter that cannot make any sends none. */
function beginning(provider: Provider, questions: readonly Question[]): number {
  try {
    return begin(provider, questions, NOBODY).requests;
  } catch {
    return 0;
  }
}

/**
 * How an adapter begins: how many requests it sends before anything has come back, and what it says where it sends none and
 * is done. Throws what the adapter throws.
 */
export function begin(
  provider: Provider,
  questions: readonly Question[],
  context: AskContext,
): { readonly requests: number; readonly findings?: Findings } {
  if ('request' in provider) {
    const requests = provider.request(questions, context).length;
    return requests > 0 ? { requests } : { requests, findings: provider.parse([], questions, context) };
  }
  const steps = provider.steps(questions, context);
  const first = steps.next();
  if (first.done) return { requests: 0, findings: first.value };
  steps.return(new Map());
  return { requests: first.value.length };
}
