import { badInput } from './problem.js';

export type CursorKind = 'rows' | 'rejected' | 'stuck' | 'submissions' | 'urls';

/** Where a page of a list ended. Opaque to callers, and good for its own kind of list only. */
export function writeCursor(kind: CursorKind, position: string | number): string {
  return Buffer.from(`${kind}:${position}`).toString('base64url');
}

/** @throws ProblemError 400 for what `writeCursor` of this kind did not write. */
export function readCursor(kind: CursorKind, text: string | undefined, shape: RegExp): string | undefined {
  if (text === undefined || text === '') return undefined;
  const plain = text.length <= 200 ? Buffer.from(text, 'base64url').toString('utf8') : '';
  const position = plain.startsWith(`${kind}:`) ? plain.slice(kind.length + 1) : '';
  if (shape.test(position)) return position;
  throw badInput(
    '`after` is not a cursor of this list: take `next` of the page before, unchanged, or leave it out.',
  );
}

/** Line numbers stay far below 2^53: 15 digits. */
const SEQ = /^\d{1,15}$/;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The seq after which a page starts; -1 for the first page. */
export function readSeqCursor(kind: CursorKind, text: string | undefined): number {
  return Number(readCursor(kind, text, SEQ) ?? -1);
}

/** The submission before which (newest first) a page starts. */
export function readIdCursor(kind: CursorKind, text: string | undefined): string | undefined {
  return readCursor(kind, text, ID);
}
