/**
 * CPU of one unit through `request` and `parse` of every provider, on its recorded answers, and of a page of 100 KB.
 *   npm run bench:providers
 */
import { readFileSync } from 'node:fs';
import {
  builtInProviders,
  type AskContext,
  type Provider,
  type ProviderReply,
  type ProviderRequest,
  type Question,
} from '@assay/providers';
import { loadExamples, recordedUrl, type ExampleReply } from '@assay/providers/examples';

const ROUNDS = 31;
const UNITS_A_ROUND = 200;
const PAGE_BYTES = 100_000;
const CONTEXT: AskContext = {
  key: 'key:secret',
  userAgent: 'Assay/0.1 (+https://assay.example/contact)',
  now: Date.UTC(2026, 10, 24, 12),
  requestId: 'd7b41efa-4e67-4076-867c-dab4227ca125',
};

type Answer = (request: ProviderRequest) => ProviderReply;

function replyOf(id: string, { status = 200, headers, file, body }: ExampleReply): ProviderReply {
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? '');
  return {
    kind: 'reply',
    status,
    headers: headers ?? { 'content-type': 'application/json' },
    body: file === undefined ? Buffer.from(text) : readFileSync(recordedUrl(id, file)),
    truncated: false,
    ttfbMs: 10,
    totalMs: 20,
  };
}

function answersOf(id: string, replies: readonly ExampleReply[]): Answer {
  const made = replies.map((reply) => ({ to: [reply.to ?? []].flat(), reply: replyOf(id, reply) }));
  return ({ method, url, body = '' }) => {
    const text = `${method} ${url} ${body}`;
    return made.find(({ to }) => to.every((part) => text.includes(part)))!.reply;
  };
}

function ask(provider: Provider, questions: readonly Question[], answer: Answer): number {
  if (!('steps' in provider)) {
    const replies = provider.request(questions, CONTEXT).map(answer);
    return provider.parse(replies, questions, CONTEXT).size;
  }
  const steps = provider.steps(questions, CONTEXT);
  let step = steps.next();
  while (!step.done) step = steps.next(step.value.map(answer));
  return step.value.size;
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;

/** Microseconds a unit: the median of 31 rounds, after as many to warm up. */
function measure(units: number, once: () => number): number {
  const calls = Math.max(1, Math.round(UNITS_A_ROUND / units));
  const rounds = Array.from({ length: 2 * ROUNDS }, () => {
    const startedAt = performance.now();
    for (let call = 0; call < calls; call++) if (once() === 0) throw new Error('no finding');
    return ((performance.now() - startedAt) * 1_000) / (calls * units);
  });
  return median(rounds.slice(ROUNDS));
}

/** An ordinary page: paragraphs, links, images and scripts. */
function largePage(): string {
  const block = (at: number) =>
    `<h2>Part ${at}</h2><p>Words of an ordinary page about beans &amp; bees, ${'some more of them '.repeat(12)}</p>` +
    `<a href="/topic-${at}">inside</a> <a rel="nofollow" href="https://site-${at}.example/x">outside</a>` +
    `<img src="/${at}.jpg" alt="picture"><script>var a${at} = "<p>";</script>`;
  let body = '';
  for (let at = 0; body.length < PAGE_BYTES; at++) body += block(at);
  return `<!doctype html><html><head><title>A page</title><meta name="description" content="d"></head><body>${body}</body></html>`;
}

function pageMs(page: Provider): number {
  const html = Buffer.from(largePage());
  const headers = { 'content-type': 'text/html; charset=utf-8' };
  const answer: Answer = ({ url }) =>
    url.endsWith('/robots.txt')
      ? replyOf('page', { status: 404, body: '' })
      : { kind: 'reply', status: 200, headers, body: html, truncated: false, ttfbMs: 1, totalMs: 2 };
  const questions = [{ surface: 'page', unit: 'https://example.com/a' }];
  const rounds = Array.from({ length: 4 * ROUNDS }, () => {
    const startedAt = performance.now();
    ask(page, questions, answer);
    return performance.now() - startedAt;
  });
  return median(rounds.slice(ROUNDS));
}

const costs = new Map<string, number>();
for (const provider of builtInProviders) {
  const { good } = await loadExamples(provider.id);
  const answer = answersOf(provider.id, good.replies);
  const cost = measure(good.questions.length, () => ask(provider, good.questions, answer));
  costs.set(provider.id, cost);
  process.stdout.write(`${provider.id.padEnd(14)} ${cost.toFixed(1).padStart(8)} µs a unit\n`);
}
// HTML and robots files are no JSON.
const json = [...costs].filter(([id]) => id !== 'page' && id !== 'robots').map(([, cost]) => cost);
const medianUs = Math.round(median(json) * 10) / 10;
const worstUs = Math.round(Math.max(...json) * 10) / 10;
const ms = Math.round(pageMs(builtInProviders.find(({ id }) => id === 'page')!) * 100) / 100;
process.stdout.write(
  `median ${medianUs} µs, worst ${worstUs} µs (bound 50); a page of 100 KB ${ms} ms (bound 3)\n`,
);
process.stdout.write(
  `${JSON.stringify({ bench: 'providers', providers: builtInProviders.length, medianUs, worstUs, pageMs: ms })}\n`,
);
