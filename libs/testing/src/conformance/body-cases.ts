import type { Change, Reply } from './play-example.js';
import type { Case } from './status-cases.js';

const BROKEN = ['malformed', 'server'];

/** A value of JSON or of a row in columns: what comes before the next one or the end. */
const VALUE = /(-?\d+(\.\d+)?|"[^"]*"|true|false|null)(?=\s*[,}\];])/;

/** Bodies that no reader can take. */
export const BODY_CASES: readonly Case[] = [
  { name: 'empty body', change: body(() => ''), classes: BROKEN },
  ...[0.25, 0.5, 0.75, 0.98].map((share) => ({
    name: `body cut at ${share * 100} %`,
    change: body((text) => text.slice(0, Math.floor(text.trim().length * share))),
    classes: BROKEN,
  })),
  {
    name: 'body over the cap',
    change: (reply: Reply) => ({ ...reply, truncated: true }),
    classes: ['malformed'],
  },
  { name: 'deeply nested JSON', change: body(() => '['.repeat(200_000)), classes: BROKEN },
  { name: 'deeply nested JSON that ends', change: body(() => nested(50_000)), classes: BROKEN },
  {
    name: 'NaN for a number',
    change: body((text) => text.replace(VALUE, 'NaN')),
    classes: BROKEN,
  },
  { name: 'noise', change: body(() => '\0\u0001\ufffd{{{'), classes: BROKEN },
  { name: 'a JSON text of another shape', change: body(() => '{"unexpected":true}'), classes: BROKEN },
  { name: 'JSON null', change: body(() => 'null'), classes: BROKEN },
];

function body(make: (text: string) => string): Change {
  return (reply) => ({ ...reply, body: Buffer.from(make(reply.body.toString())) });
}

function nested(depth: number): string {
  return `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
}

/** Answers in which each value in turn, up to 60 of them, is of another type: what comes of them may only say less. */
export function wrongTypes(text: string): string[] {
  return eachValue(text, (value) =>
    typeof value === 'number'
      ? [value]
      : typeof value === 'string'
        ? { text: value }
        : value === true
          ? 'yes'
          : 7,
  );
}

/** Answers in which each number in turn is absurd. */
export function absurdNumbers(text: string): string[] {
  return [-1e9, 1e300].flatMap((absurd) =>
    eachValue(text, (value) => (typeof value === 'number' ? absurd : SAME)),
  );
}

const SAME = Symbol('same');
const MOST = 60;

function eachValue(text: string, map: (value: unknown) => unknown): string[] {
  const top = parsed(text);
  if (top === undefined) return [];
  const found: string[] = [];
  for (let at = 0; found.length < MOST; at++) {
    let seen = 0;
    let changed = false;
    const made = replaced(top, (value) => {
      if (seen++ !== at) return value;
      const other = map(value);
      if (other === SAME) return value;
      changed = true;
      return other;
    });
    if (seen <= at) break;
    if (changed) found.push(JSON.stringify(made));
  }
  return found;
}

/** Scalars in the order of the text. */
function replaced(value: unknown, map: (scalar: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => replaced(item, map));
  if (typeof value !== 'object' || value === null) return value === null ? null : map(value);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, replaced(item, map)]));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
