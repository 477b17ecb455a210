import { randomUUID } from 'node:crypto';
import { converse, metricTable, type Transport } from '@assay/fetching';
import type { Finding, Provider, ProviderReply, ProviderRequest, Question } from '@assay/providers';

/** One call and what came of it, for a person to look at. */
export interface Asked {
  readonly finding: Finding;
  readonly exchanges: readonly { readonly request: ProviderRequest; readonly reply: ProviderReply }[];
  readonly tookMs: number;
}

export interface AskingParts {
  readonly transport: Transport;
  readonly userAgent: string;
}

/** Asks one question with one key, once: no retry, no limit, no store. */
export async function askOnce(
  provider: Provider,
  question: Question,
  key: string,
  { transport, userAgent }: AskingParts,
): Promise<Asked> {
  const exchanges: { request: ProviderRequest; reply: ProviderReply }[] = [];
  const startedAt = Date.now();
  const findings = await converse({
    provider,
    metrics: metricTable(provider.metrics),
    questions: [question],
    context: { key, userAgent, now: startedAt, requestId: randomUUID() },
    exchange: async (request) => {
      const reply = await transport.send(request, { timeoutMs: provider.timeoutMs });
      exchanges.push({ request, reply });
      return reply;
    },
  });
  return { finding: findings[0]!, exchanges, tookMs: Date.now() - startedAt };
}
