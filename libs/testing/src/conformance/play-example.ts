import { readFileSync } from 'node:fs';
import { converse, metricTable } from '@assay/fetching';
import type {
  AskContext,
  Finding,
  Provider,
  ProviderReply,
  ProviderRequest,
  Question,
} from '@assay/providers';
import { recordedUrl, type Example, type ExampleReply } from '@assay/providers/examples';

/** A key that is found wherever it turns up. */
export const CANARY_KEY = 'canary-8f3a91-secret';
export const NOW = Date.UTC(2026, 10, 24, 12);

export type Reply = Extract<ProviderReply, { kind: 'reply' }>;

/** A key in the form that the provider takes. */
export function keyFor({ auth }: Provider): string {
  if (auth.kind === 'none') return '';
  return auth.form === 'basic' || auth.form === 'oauth' ? `${CANARY_KEY}:${CANARY_KEY}` : CANARY_KEY;
}

export function contextOf(provider: Provider): AskContext {
  return {
    key: keyFor(provider),
    userAgent: 'Assay/0.1 (+https://assay.example/contact)',
    now: NOW,
    requestId: 'd7b41efa-4e67-4076-867c-dab4227ca125',
  };
}

/** What a provider did with scripted replies. */
export interface Played {
  readonly findings: readonly Finding[];
  readonly requests: readonly ProviderRequest[];
}

/** Drives one conversation through the fetching library, as a fetcher does, with a function for the provider's part. */
export async function play(
  provider: Provider,
  questions: readonly Question[],
  answer: (request: ProviderRequest) => ProviderReply,
): Promise<Played> {
  const requests: ProviderRequest[] = [];
  const findings = await converse({
    provider,
    metrics: metricTable(provider.metrics),
    questions,
    context: contextOf(provider),
    exchange: (request) => {
      requests.push(request);
      return Promise.resolve(answer(request));
    },
  });
  return { findings, requests };
}

export type Change = (reply: Reply, request: ProviderRequest) => ProviderReply;

/** Plays an example with every reply changed, save for the steps before the answer. */
export function playExample(
  provider: Provider,
  example: Example,
  change: Change = (reply) => reply,
): Promise<Played> {
  return play(provider, example.questions, scripted(provider.id, example.replies, change));
}

/** Replies by what the request contains, each once in its order; the last that fits answers any more. */
export function scripted(
  id: string,
  replies: readonly ExampleReply[],
  change: Change = (reply) => reply,
): (request: ProviderRequest) => ProviderReply {
  const left = new Set(replies);
  return (request) => {
    const fitting = replies.filter((reply) => fits(reply, request));
    const chosen = fitting.find((reply) => left.has(reply)) ?? fitting.at(-1);
    if (!chosen) throw new Error(`no example reply to ${request.method} ${request.url}`);
    left.delete(chosen);
    const reply = replyOf(id, chosen);
    return chosen.before ? reply : change(reply, request);
  };
}

function fits({ to = [] }: ExampleReply, { method, url, body = '' }: ProviderRequest): boolean {
  const text = `${method} ${url} ${body}`;
  return (typeof to === 'string' ? [to] : to).every((part) => text.includes(part));
}

export function replyOf(id: string, { status = 200, headers, file, body }: ExampleReply): Reply {
  const content = file === undefined ? textOf(body) : readFileSync(recordedUrl(id, file));
  return {
    kind: 'reply',
    status,
    headers: headers ?? { 'content-type': 'application/json' },
    body: Buffer.from(content),
    truncated: false,
    ttfbMs: 12,
    totalMs: 20,
  };
}

function textOf(body: string | object | undefined): string {
  return typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
}
