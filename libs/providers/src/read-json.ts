import { isHtml, type Reply } from './classify-reply.js';
import { failed, type Failed } from './finding.js';

/** Answers of these providers nest six deep; what nests deeper is none of theirs. */
const DEEPEST = 32;

export type JsonObject = Readonly<Record<string, unknown>>;

export type JsonRead = { readonly value: JsonObject } | { readonly failure: Failed };

/** The object in a reply's body. failed(malformed) for anything else, failed(server) for HTML. Never throws. */
export function readJson(reply: Reply): JsonRead {
  const read = readJsonValue(reply);
  if ('failure' in read) return read;
  const { value } = read;
  return isObject(value) ? { value } : { failure: failed('malformed', 'answer is not an object') };
}

/** As `readJson`, for answers that may be lists, texts or numbers. */
export function readJsonValue(reply: Reply): { readonly value: unknown } | { readonly failure: Failed } {
  if (reply.truncated) return { failure: failed('malformed', 'answer larger than the cap') };
  const text = reply.body.toString('utf8');
  if (deeperThan(text, DEEPEST)) return { failure: failed('malformed', 'answer nests too deep') };
  try {
    return { value: JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text) as unknown };
  } catch {
    if (isHtml(reply)) return { failure: failed('server', 'HTML instead of JSON') };
    return { failure: failed('malformed', 'answer is not JSON') };
  }
}

/** An object, not null and not an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

function deeperThan(text: string, limit: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > limit) return true;
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return false;
}

function endOfString(text: string, open: number): number {
  let at = open;
  for (;;) {
    at = text.indexOf('"', at + 1);
    if (at < 0) return text.length;
    let back = at - 1;
    while (text.charCodeAt(back) === BACKSLASH) back--;
    if ((at - back) % 2 === 1) return at;
  }
}
