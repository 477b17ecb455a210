import { transportFailure, type Reply } from '../classify-reply.js';
import { failed, forAll } from '../finding.js';
import { errorBody, googleFailure } from '../google-error.js';
import type { AskContext, Finding, Findings, ProviderReply, Question } from '../provider.js';
import { isObject, readJson, type JsonObject } from '../read-json.js';
import { readNumbers } from '../read-numbers.js';
import { LIGHTHOUSE_METRICS } from './lighthouse-metrics.js';

/** Errors of Lighthouse that are facts about the page: it could not be loaded or drawn. */
const PAGE_ERRORS =
  /\b(FAILED_DOCUMENT_REQUEST|ERRORED_DOCUMENT_REQUEST|NO_FCP|NO_LCP|NOT_HTML|DNS_FAILURE)\b/;

export function parseRun(
  [reply]: readonly ProviderReply[],
  questions: readonly Question[],
  context: AskContext,
): Findings {
  return forAll(questions, read(reply, context));
}

function read(reply: ProviderReply | undefined, { now, key }: AskContext): Finding {
  if (!reply) return failed('malformed', 'no reply');
  if (reply.kind === 'error') return transportFailure(reply);
  const body = errorBody(reply);
  const fact = body && pageError(body, reply);
  if (fact) return { outcome: 'absent', reason: fact };
  const failure = googleFailure(reply, body, now, key);
  if (failure) return failure;
  const answer = readJson(reply);
  return 'failure' in answer ? answer.failure : finding(answer.value);
}

/** In the words of an error, or as `runtimeError` of a run under status 200. */
function pageError({ error, lighthouseResult }: JsonObject, { status }: Reply): string | undefined {
  if (isObject(error) && status >= 400) {
    const words = typeof error['message'] === 'string' ? error['message'] : '';
    return /Lighthouse returned error/i.test(words) ? PAGE_ERRORS.exec(words)?.[1] : undefined;
  }
  const runtime = isObject(lighthouseResult) ? lighthouseResult['runtimeError'] : undefined;
  const code = isObject(runtime) ? runtime['code'] : undefined;
  return typeof code === 'string' ? PAGE_ERRORS.exec(code)?.[1] : undefined;
}

function finding({ lighthouseResult, loadingExperience, analysisUTCTimestamp }: JsonObject): Finding {
  if (!isObject(lighthouseResult)) return failed('malformed', 'no lighthouseResult');
  const runtime = lighthouseResult['runtimeError'];
  if (isObject(runtime) && runtime['code'] !== undefined && runtime['code'] !== 'NO_ERROR')
    return failed('server', `Lighthouse: ${String(runtime['code']).slice(0, 60)}`);
  const field = isObject(loadingExperience) ? loadingExperience : {};
  const source = { ...scores(lighthouseResult), ...lab(lighthouseResult), ...fieldNumbers(field) };
  const numbers = readNumbers(source, LIGHTHOUSE_METRICS);
  if ('fault' in numbers) return failed('malformed', numbers.fault);
  if (Object.keys(numbers.numbers).length === 0) return failed('malformed', 'a run without a number');
  const asOf = typeof analysisUTCTimestamp === 'string' ? analysisUTCTimestamp.slice(0, 32) : undefined;
  return { outcome: 'ok', numbers: numbers.numbers, ...(asOf === undefined ? {} : { asOf }) };
}

/** Lighthouse scores run from 0 to 1, people read them out of 100. Null: the category could not be scored. */
function scores({ categories }: JsonObject): JsonObject {
  const all = isObject(categories) ? categories : {};
  const of = (name: string) => {
    const score = isObject(all[name]) ? all[name]['score'] : undefined;
    return typeof score === 'number' ? Math.round(score * 100) : score;
  };
  return {
    performance: of('performance'),
    accessibility: of('accessibility'),
    best_practices: of('best-practices'),
    seo: of('seo'),
  };
}

function lab({ audits }: JsonObject): JsonObject {
  const all = isObject(audits) ? audits : {};
  const of = (name: string) => (isObject(all[name]) ? all[name]['numericValue'] : undefined);
  return {
    lab_lcp_ms: of('largest-contentful-paint'),
    lab_cls: of('cumulative-layout-shift'),
    lab_tbt_ms: of('total-blocking-time'),
    lab_ttfb_ms: of('server-response-time'),
  };
}

/** The layout shift of real visitors comes as hundredths. */
function fieldNumbers({ metrics, overall_category, origin_fallback }: JsonObject): JsonObject {
  const all = isObject(metrics) ? metrics : {};
  const of = (name: string) => (isObject(all[name]) ? all[name]['percentile'] : undefined);
  const shift = of('CUMULATIVE_LAYOUT_SHIFT_SCORE');
  return {
    field_lcp_ms: of('LARGEST_CONTENTFUL_PAINT_MS'),
    field_inp_ms: of('INTERACTION_TO_NEXT_PAINT'),
    field_cls: typeof shift === 'number' ? shift / 100 : shift,
    field_verdict: overall_category === 'NONE' ? undefined : overall_category,
    field_is_origin: Object.keys(all).length === 0 ? undefined : origin_fallback,
  };
}
