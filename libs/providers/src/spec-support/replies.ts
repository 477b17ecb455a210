import { readFileSync } from 'node:fs';
import {
  questionKey,
  type AskContext,
  type Finding,
  type Findings,
  type ManySteps,
  type ProviderReply,
  type ProviderRequest,
  type Question,
  type SingleStep,
  type TransportError,
} from '../provider.js';

export const CONTEXT: AskContext = {
  key: 'secret-key-1',
  userAgent: 'Assay/0.1 (+https://assay.example/contact)',
  now: Date.UTC(2026, 10, 24, 12),
  requestId: 'd7b41efa-4e67-4076-867c-dab4227ca125',
};

interface ReplyParts {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly truncated?: boolean;
}

/** A reply with this body; an object is sent as JSON. */
export function reply(body: string | Uint8Array | object, parts: ReplyParts = {}): ProviderReply {
  const isText = typeof body === 'string' || body instanceof Uint8Array;
  return {
    kind: 'reply',
    status: parts.status ?? 200,
    headers: parts.headers ?? (isText ? {} : { 'content-type': 'application/json' }),
    body: Buffer.from(isText ? (body as string) : JSON.stringify(body)),
    truncated: parts.truncated ?? false,
    ttfbMs: 12.4,
    totalMs: 20.6,
  };
}

export function broken(error: TransportError): ProviderReply {
  return { kind: 'error', error, message: 'as recorded' };
}

/** Text of a file in the folder `recorded` beside the spec at `specUrl`. */
export function recordedText(specUrl: string, name: string): string {
  return readFileSync(new URL(`recorded/${name}`, specUrl), 'utf8');
}

/** A recorded JSON answer, parsed: specs change copies of it. */
// oxlint-disable-next-line typescript/no-explicit-any -- specs take recorded answers apart at will
export function recorded(specUrl: string, name: string): any {
  return JSON.parse(recordedText(specUrl, name));
}

export function asked(surface: string, ...units: string[]): Question[] {
  return units.map((unit) => ({ surface, unit }));
}

/** Findings of a single-step provider, in the order of the questions; undefined for one without a finding. */
export function findingsOf(
  provider: SingleStep,
  questions: readonly Question[],
  replies: readonly ProviderReply[],
  context = CONTEXT,
): (Finding | undefined)[] {
  const findings = provider.parse(replies, questions, context);
  return questions.map((question) => findings.get(questionKey(question)));
}

export interface Play {
  readonly findings: Findings;
  readonly requests: readonly ProviderRequest[];
}

/** Drives a many-step provider with a function that answers each request. */
export function play(
  provider: ManySteps,
  questions: readonly Question[],
  answer: (request: ProviderRequest, at: number) => ProviderReply,
  context = CONTEXT,
): Play {
  const steps = provider.steps(questions, context);
  const requests: ProviderRequest[] = [];
  let step = steps.next();
  while (!step.done) {
    const replies = step.value.map((request) => answer(request, requests.push(request) - 1));
    step = steps.next(replies);
  }
  return { findings: step.value, requests };
}
