import { BinaryGuard, type ContentKind } from '../lines/content-kind.js';
import { firstCell, isHeader, separatorOf } from '../lines/csv-cell.js';
import { isCut } from '../lines/cap-strings.js';
import { JsonList } from '../lines/json-list.js';
import { LineReader, type TextLine } from '../lines/line-reader.js';
import { UploadCut, type CutBy } from '../lines/read-body.js';
import { OPTION_NAMES } from '../read-options.js';
import type { Spool } from './spool.js';

/** So much of a body is taken before the spool may settle: short lines become long reasons. */
const PIECE_BYTES = 8 * 1024;

export interface FedBody {
  /** It came to no end, and why: lines that came whole are in the spool. Only text can be cut and kept. */
  readonly cut: CutBy | undefined;
  /** Options that stood in the body. */
  readonly options: Record<string, unknown>;
}

/**
 * Reads a body into the spool, piece by piece, at the pace of the tables.
 * @throws Refusal for what cannot be read, UploadCut for JSON that was cut
 */
export function feedBody(kind: ContentKind, body: AsyncIterable<Buffer>, spool: Spool): Promise<FedBody> {
  return kind === 'json' ? feedJson(body, spool) : feedText(kind, body, spool);
}

async function feedJson(body: AsyncIterable<Buffer>, spool: Spool): Promise<FedBody> {
  const options: Record<string, unknown> = {};
  const list = new JsonList(OPTION_NAMES, {
    onElement: (number, value) => {
      if (typeof value === 'string') spool.take(number, value, isCut(value));
      else
        spool.reject(
          number,
          JSON.stringify(value),
          'Not a text: every element of "urls" must be a URL in quotes.',
        );
    },
    onOption: (name, value) => (options[name] = value),
  });
  for await (const chunk of body)
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      list.push(chunk.subarray(at, at + PIECE_BYTES));
      await spool.settle(Date.now());
    }
  list.end();
  return { cut: undefined, options };
}

async function feedText(kind: 'text' | 'csv', body: AsyncIterable<Buffer>, spool: Spool): Promise<FedBody> {
  const reader = new LineReader();
  const guard = new BinaryGuard();
  const take = kind === 'csv' ? csvTaker(spool) : textTaker(spool);
  try {
    for await (const chunk of body) {
      guard.check(chunk);
      for (const line of reader.push(chunk)) {
        take(line);
        if (spool.isFull) await spool.settle(Date.now());
      }
      await spool.settle(Date.now());
    }
  } catch (error) {
    // The unfinished last line is left out: half a URL would be a wrong one.
    if (error instanceof UploadCut) return { cut: error.by, options: {} };
    throw error;
  }
  for (const line of reader.end()) take(line);
  return { cut: undefined, options: {} };
}

function textTaker(spool: Spool): (line: TextLine) => void {
  return (line) => {
    if (line.cut || line.text.trim() !== '') spool.take(line.number, line.text, line.cut);
  };
}

function csvTaker(spool: Spool): (line: TextLine) => void {
  let separator: string | undefined;
  return (line) => {
    if (!line.cut && line.text.trim() === '') return;
    const first = separator === undefined;
    separator ??= isHeader(line.text) ? separatorOf(line.text) : ',';
    if (first && isHeader(line.text)) return;
    spool.take(line.number, line.cut ? line.text : firstCell(line.text, separator), line.cut);
  };
}
