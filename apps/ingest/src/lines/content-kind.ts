import { Refusal } from '../problem.js';

export type ContentKind = 'json' | 'text' | 'csv';

const KINDS: Readonly<Record<string, ContentKind>> = {
  'application/json': 'json',
  'text/plain': 'text',
  'text/csv': 'csv',
};
const UTF8 = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii']);
export const CONTENT_TYPES = 'Send application/json ({"urls": […]}), text/plain or text/csv (a URL a line).';

/** What the headers say about a body. @throws Refusal (415) with what to send instead */
export function contentKind(headers: Readonly<Record<string, string | string[] | undefined>>): ContentKind {
  const [type = '', ...parameters] = String(headers['content-type'] ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const kind = KINDS[type];
  if (!kind) throw new Refusal(415, remedyFor(type));
  const charset = parameters
    .find((part) => part.startsWith('charset='))
    ?.slice(8)
    .replaceAll('"', '');
  if (charset && !UTF8.has(charset))
    throw new Refusal(415, `Charset ${charset.slice(0, 40)} is not taken: save the list as UTF-8.`);
  const encoding = String(headers['content-encoding'] ?? 'identity').toLowerCase();
  if (encoding !== 'identity')
    throw new Refusal(415, 'Compressed bodies are not taken: send the list as it is.');
  return kind;
}

function remedyFor(type: string): string {
  if (type === '') return `The content-type header is missing. ${CONTENT_TYPES}`;
  if (type === 'application/x-www-form-urlencoded') {
    return `${type} is what curl sends by itself: add -H 'content-type: text/plain' and --data-binary @file. ${CONTENT_TYPES}`;
  }
  if (type === 'multipart/form-data')
    return `Send the file itself as the body, not as a form. ${CONTENT_TYPES}`;
  return `${type.slice(0, 100)} is not taken. ${CONTENT_TYPES}`;
}

const HEAD_BYTES = 1_024;

/** Looks for NUL bytes in the first KB of a text upload: a binary file, or UTF-16. */
export class BinaryGuard {
  private seen = 0;

  /** @throws Refusal (415) */
  check(chunk: Buffer): void {
    if (this.seen >= HEAD_BYTES) return;
    if (chunk.subarray(0, HEAD_BYTES - this.seen).includes(0)) throw new Refusal(415, BINARY);
    this.seen += chunk.length;
  }
}

const BINARY =
  'This is a binary file or UTF-16 text, not a list. Save it as plain text in UTF-8, a URL a line.';
