import { isHtml, statusFailure, transportFailure, type Reply } from '../classify-reply.js';
import { failed, forAll, withoutKey, type Failed } from '../finding.js';
import type { AskContext, Finding, Findings, ProviderReply, Question } from '../provider.js';
import { numeric, readNumbers } from '../read-numbers.js';
import { isIpAddress } from '../registrable-domain.js';
import { COLUMNS, OVERVIEW_METRICS } from './overview-metrics.js';

/** `ERROR 50 :: NOTHING FOUND`, under status 200. */
const ERROR = /^ERROR (\d{1,4}) ::\s*(.*)/;
const NOTHING_FOUND = 50;

/** An address is no root domain. */
export function isSupported({ surface, unit }: Question): boolean {
  return surface === 'semrush.url' || !isIpAddress(unit);
}

export function parseOverview(
  [reply]: readonly ProviderReply[],
  questions: readonly Question[],
  context: AskContext,
): Findings {
  const unsupported = questions.some((question) => !isSupported(question));
  const finding: Finding = unsupported ? { outcome: 'skipped', reason: 'unsupported' } : read(reply, context);
  return forAll(questions, finding);
}

function read(reply: ProviderReply | undefined, { now, key }: AskContext): Finding {
  if (!reply) return failed('malformed', 'no reply');
  if (reply.kind === 'error') return transportFailure(reply);
  const text = reply.body.toString('utf8').trim();
  const error = ERROR.exec(text);
  if (error) return errorFinding(Number(error[1]), withoutKey(error[2] ?? '', key));
  const failure = statusFailure(reply, now, true);
  if (failure) return failure;
  return table(reply, text);
}

/** Codes of keys, of units and of calls; what is not known here is the service's own trouble. */
function errorFinding(code: number, words: string): Finding {
  if (code === NOTHING_FOUND) return { outcome: 'absent', reason: 'nothing found' };
  return failed(classOf(code, words), `ERROR ${code}: ${words}`);
}

function classOf(code: number, words: string): Failed['class'] {
  if (code === 132) return 'quota';
  if (code === 120) return 'auth';
  if (/LIMIT|TOO MANY/i.test(words)) return 'rate_limited';
  if (/BALANCE|UNITS/i.test(words)) return 'quota';
  if ([121, 122, 130, 131, 133, 134, 135].includes(code)) return 'auth';
  return code >= 40 && code < 50 ? 'bad_request' : 'server';
}

/** A line of names, a line of values. Both must be whole: a cut line has fewer columns. */
function table(reply: Reply, text: string): Finding {
  if (reply.truncated) return failed('malformed', 'answer larger than the cap');
  if (isHtml(reply)) return failed('server', 'HTML instead of columns');
  const [names = [], values = [], ...more] = text.split(/\r?\n/).map((line) => line.split(';'));
  const expected = Object.values(COLUMNS);
  const whole =
    more.length === 0 && names.length === values.length && expected.every((name) => names.includes(name));
  if (!whole) return failed('malformed', 'not a line of names and one of values');
  const columns = new Map(names.map((name, at) => [name, values[at]]));
  const source = Object.entries(COLUMNS).map(([id, name]) => [id, numeric(columns.get(name))] as const);
  const read = readNumbers(Object.fromEntries(source), OVERVIEW_METRICS);
  if ('fault' in read) return failed('malformed', read.fault);
  if (Object.keys(read.numbers).length === 0) return { outcome: 'absent', reason: 'nothing found' };
  return { outcome: 'ok', numbers: read.numbers };
}
