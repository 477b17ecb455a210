/**
 * Six ordinary provider definitions, one call per URL each: four of round one, two of round two whose
 * unit is what the first of round one found. Loaded through PROVIDERS_MODULE.
 */
import {
  defineProvider,
  questionKey,
  type Finding,
  type Provider,
  type ProviderReply,
  type Question,
} from '@assay/providers';

function read(reply: ProviderReply | undefined): Finding {
  if (reply?.kind !== 'reply' || reply.status !== 200) {
    return { outcome: 'failed', class: reply?.kind === 'reply' ? 'server' : 'network', message: 'stub' };
  }
  const body = JSON.parse(reply.body.toString()) as { value?: unknown; canonical?: unknown };
  if (typeof body.value !== 'number' || typeof body.canonical !== 'string') {
    return { outcome: 'failed', class: 'malformed', message: 'stub: value or canonical is missing' };
  }
  return { outcome: 'ok', numbers: { value: body.value }, facts: { canonicalUrl: body.canonical } };
}

function stub(id: string, round: 1 | 2): Provider {
  return defineProvider({
    id,
    title: `Bench provider ${id}`,
    docs: 'bench/pipeline/stub-server.ts',
    version: 1,
    auth: { kind: 'none' },
    asks: [
      {
        id,
        surface: id,
        round,
        unit: 'url',
        ...(round === 2
          ? { needs: { fact: 'canonicalUrl', from: 'one-a', need: 'preferred' } as const }
          : {}),
      },
    ],
    batch: { size: 1, lingerMs: 0 },
    limits: [{ permits: 1_000_000, perMs: 1_000, of: 'calls' }],
    concurrency: 128,
    limitKey: () => id,
    timeoutMs: 5_000,
    retries: 1,
    breaker: { volume: 20, errorPercent: 50, coolOffMs: 30_000 },
    ttlMs: { ok: 86_400_000, absent: 86_400_000 },
    metrics: [
      { id: 'value', type: 'integer', unit: '', range: [0, 1000], meaning: 'A number of the bench.' },
    ],
    request: (questions: readonly Question[]) =>
      questions.map((question) => ({
        method: 'GET' as const,
        url: `http://stub.example/${id}?url=${encodeURIComponent(question.unit)}`,
      })),
    parse: (replies: readonly ProviderReply[], questions: readonly Question[]) =>
      new Map(questions.map((question, i) => [questionKey(question), read(replies[i])])),
  });
}

export const providers: readonly Provider[] = [
  ...['one-a', 'one-b', 'one-c', 'one-d'].map((id) => stub(id, 1)),
  ...['two-a', 'two-b'].map((id) => stub(id, 2)),
];
