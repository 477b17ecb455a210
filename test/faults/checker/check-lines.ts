import { isPlainUrl, normalForm, type InputLine } from './input-lines.js';
import type { Scene } from './scene.js';

interface StoredLine {
  readonly seq: number;
  readonly url: string;
  readonly host: string;
  readonly domain: string;
  readonly first: number | null;
}

/** A line that was accepted, and so has a row. */
export type AcceptedLine = Omit<StoredLine, 'first'>;

const LINES = `
SELECT seq::float8 AS seq, url, host, domain, duplicate_of::float8 AS first FROM submission_line WHERE submission = $1`;
const REJECTED = 'SELECT seq::float8 AS seq FROM rejected_line WHERE submission = $1';

/** Every line of the input is kept once, for what it is; nothing else is. Returns the accepted ones, by seq. */
export async function checkLines(
  { database, submission, findings }: Scene,
  input: readonly InputLine[],
): Promise<Map<number, AcceptedLine>> {
  const stored = await database.query<StoredLine>(LINES, [submission.id]);
  const rejected = await database.query<{ seq: number }>(REJECTED, [submission.id]);
  const taken = new Map(stored.rows.map((line) => [line.seq, line]));
  const refused = new Set(rejected.rows.map(({ seq }) => seq));
  const firsts = new Map<string, number>();
  for (const line of input) {
    const fault = faultOf(line, taken.get(line.seq), refused.has(line.seq), firsts);
    if (fault) findings.add(fault.kind, `line ${line.seq}`, fault.expected, fault.found);
  }
  const known = new Set(input.map(({ seq }) => seq));
  for (const seq of [...taken.keys(), ...refused])
    if (!known.has(seq)) findings.add('line-foreign', `line ${seq}`, 'none: the input has no such line', seq);
  findings.checked.lines = input.length;
  const accepted = stored.rows.filter(({ first }) => first === null);
  compareNumbers(submission, findings, {
    lines: input.length,
    accepted: accepted.length,
    duplicate: stored.rows.length - accepted.length,
    rejected: refused.size,
  });
  return new Map(accepted.map((line) => [line.seq, line]));
}

interface LineFault {
  readonly kind: 'line-missing' | 'line-wrong';
  readonly expected: unknown;
  readonly found: unknown;
}

/** `firsts`: where each URL stood first, as far as the input was read. */
function faultOf(
  { seq, text }: InputLine,
  taken: StoredLine | undefined,
  refused: boolean,
  firsts: Map<string, number>,
): LineFault | undefined {
  const wrong = (expected: unknown, found: unknown) => ({ kind: 'line-wrong' as const, expected, found });
  if (!taken) {
    if (!refused) return { kind: 'line-missing', expected: text, found: 'neither taken nor rejected' };
    return isPlainUrl(text) ? wrong(text, 'rejected') : undefined;
  }
  if (refused) return wrong('taken or rejected', 'both');
  const url = normalForm(text);
  if (taken.url !== url) return wrong(url, taken.url);
  const first = firsts.get(url);
  if (first === undefined) firsts.set(url, seq);
  if ((first ?? null) === taken.first) return undefined;
  return wrong(sayDuplicate(first), sayDuplicate(taken.first));
}

function sayDuplicate(first: number | null | undefined): string {
  return first === null || first === undefined ? 'accepted' : `duplicate of line ${first}`;
}

type Numbers = Record<'lines' | 'accepted' | 'duplicate' | 'rejected', number>;

function compareNumbers(told: Numbers, findings: Scene['findings'], counted: Numbers): void {
  for (const name of ['lines', 'accepted', 'duplicate', 'rejected'] as const)
    if (told[name] !== counted[name])
      findings.add('submission-numbers', `submission.${name}`, counted[name], told[name]);
  if (told.lines !== told.accepted + told.duplicate + told.rejected)
    findings.add('submission-numbers', 'submission', 'lines = accepted + duplicate + rejected', told);
}
