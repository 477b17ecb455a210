import { LONGEST_LINE_BYTES } from './line-reader.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LETTER_U = 0x75;
const HEX_DIGITS = 4;
/** DEL: stands in no URL, and needs no escape in JSON. */
const CUT_MARK = 0x7f;
/** Six bytes of an escape make one character: a text that was cut has at least a sixth of the bytes that were kept. */
const SHORTEST_CUT = LONGEST_LINE_BYTES / 6;

/** Was this string, as the parser gave it, shortened by a `StringCap`? */
export function isCut(text: string): boolean {
  return text.length >= SHORTEST_CUT - 1 && text.charCodeAt(text.length - 1) === CUT_MARK;
}

/**
 * Shortens strings of a JSON byte stream to about 64 KB and ends those with DEL, so that a parser behind it never holds
 * more of one, and `isCut` tells. All other bytes pass as they are; what is not JSON is left to the parser to refuse.
 */
export class StringCap {
  private inString = false;
  private length = 0;
  /** Bytes that still belong to an escape: 1 behind a backslash, 4 behind `\u`. */
  private escape = 0;
  private escaped = false;
  private dropping = false;

  /** The chunk itself, shortened in place: what is dropped is written over. */
  push(chunk: Buffer): Buffer {
    let size = 0;
    for (const byte of chunk) {
      const wasWhole = !this.dropping;
      if (this.passes(byte)) chunk[size++] = byte;
      else if (wasWhole) chunk[size++] = CUT_MARK;
    }
    return chunk.subarray(0, size);
  }

  private passes(byte: number): boolean {
    if (!this.inString) {
      if (byte === QUOTE) this.open();
      return true;
    }
    if (this.escaped || this.escape > 0) return this.inEscape(byte);
    if (byte === QUOTE) {
      this.inString = false;
      return true;
    }
    this.length += 1;
    // Never in the middle of a character: a byte 10xxxxxx continues one.
    if (this.length > LONGEST_LINE_BYTES && (byte & 0xc0) !== 0x80) this.dropping = true;
    if (byte === BACKSLASH) this.escaped = true;
    return !this.dropping;
  }

  private open(): void {
    this.inString = true;
    this.length = 0;
    this.dropping = false;
  }

  private inEscape(byte: number): boolean {
    this.length += 1;
    if (this.escaped) {
      this.escaped = false;
      this.escape = byte === LETTER_U ? HEX_DIGITS : 0;
    } else this.escape -= 1;
    return !this.dropping;
  }
}
