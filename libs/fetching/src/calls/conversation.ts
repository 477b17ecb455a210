import {
  questionKey,
  type AskContext,
  type Finding,
  type Provider,
  type ProviderReply,
  type ProviderRequest,
  type Question,
} from '@assay/providers';
import { checkFinding, type MetricTable } from './check-finding.js';

/** How a conversation reaches the provider: shared replies, permits of other keys, time left. */
export type Exchange = (request: ProviderRequest) => Promise<ProviderReply>;

export interface Talk {
  readonly provider: Provider;
  readonly metrics: MetricTable;
  readonly questions: readonly Question[];
  readonly context: AskContext;
  readonly exchange: Exchange;
  /** Told how many requests one round trip sends, before they are sent. */
  readonly sending?: (requests: number) => void;
}

const LEFT_OUT: Finding = {
  outcome: 'failed',
  class: 'malformed',
  message: 'the provider left this question out',
};

/**
 * Asks and reads: what each question came to, at its position. What the adapter can not read is
 * failed(malformed), as are numbers that are not what its metrics promise. Rejects only where
 * `exchange` does.
 */
export async function converse(talk: Talk): Promise<Finding[]> {
  try {
    const findings = await ('steps' in talk.provider ? manySteps(talk) : singleStep(talk));
    return talk.questions.map((question) => {
      const finding = findings.get(questionKey(question));
      return finding ? checkFinding(finding, talk.metrics) : LEFT_OUT;
    });
  } catch (error) {
    if (error instanceof Unreadable) return talk.questions.map(() => error.finding);
    throw error;
  }
}

/** The adapter threw. */
class Unreadable extends Error {
  readonly finding: Finding;

  constructor(step: 'request' | 'answer', cause: unknown) {
    super('unreadable', { cause });
    const text = cause instanceof Error ? cause.message : String(cause);
    this.finding = { outcome: 'failed', class: 'malformed', message: `${step}: ${text}`.slice(0, 500) };
  }
}

function adapter<T>(step: 'request' | 'answer', work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Unreadable(step, error);
  }
}

async function singleStep({ provider, questions, context, exchange, sending }: Talk) {
  if ('steps' in provider) throw new TypeError('a provider of many steps');
  const requests = adapter('request', () => provider.request(questions, context));
  sending?.(requests.length);
  const replies = await send(requests, exchange);
  return adapter('answer', () => provider.parse(replies, questions, context));
}

async function manySteps({ provider, questions, context, exchange, sending }: Talk) {
  if (!('steps' in provider)) throw new TypeError('a provider of one step');
  const steps = provider.steps(questions, context);
  try {
    let step = adapter('request', () => steps.next());
    sending?.(1);
    while (!step.done) {
      const replies = await send(step.value, exchange);
      step = adapter('answer', () => steps.next(replies));
    }
    return step.value;
  } catch (error) {
    adapter('answer', () => steps.return(new Map()));
    throw error;
  }
}

async function send(requests: readonly ProviderRequest[], exchange: Exchange): Promise<ProviderReply[]> {
  if (requests.length === 1) return [await exchange(requests[0]!)];
  // What is refused does not end the others: they are on their way, and count.
  const settled = await Promise.allSettled(requests.map(exchange));
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}
