/** A line of a text upload as it came, without its line break. */
export interface TextLine {
  /** Position in the file from 1, counting every line as an editor does. */
  readonly number: number;
  readonly text: string;
  /** Longer than `LONGEST_LINE_BYTES`: `text` holds only its beginning. */
  readonly cut: boolean;
}

/** Eight times the longest URL: room for blanks around it, an end to what one line may hold in memory. */
export const LONGEST_LINE_BYTES = 64 * 1024;

const NEWLINE = 0x0a;
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Cuts UTF-8 bytes into lines, whatever the chunks they come in. Line breaks are LF and CRLF. Holds at
 * most one unfinished line, and of that no more than `LONGEST_LINE_BYTES`.
 */
export class LineReader {
  private number = 0;
  private parts: Buffer[] = [];
  private held = 0;
  private cut = false;

  *push(chunk: Buffer): Generator<TextLine> {
    let from = 0;
    for (;;) {
      const to = chunk.indexOf(NEWLINE, from);
      if (to < 0) break;
      yield this.parts.length === 0 && !this.cut
        ? this.line(chunk.subarray(from, to))
        : this.join(chunk.subarray(from, to));
      from = to + 1;
    }
    if (from < chunk.length) this.hold(chunk.subarray(from));
  }

  /** The last line, where it has no line break. */
  *end(): Generator<TextLine> {
    if (this.held > 0) yield this.join(Buffer.alloc(0));
  }

  private hold(bytes: Buffer): void {
    const room = LONGEST_LINE_BYTES - this.held;
    if (bytes.length > room) this.cut = true;
    // A copy: a subarray would keep the whole chunk of the socket alive.
    if (room > 0) this.parts.push(Buffer.from(bytes.subarray(0, room)));
    this.held += Math.min(room, bytes.length);
  }

  private join(rest: Buffer): TextLine {
    this.hold(rest);
    const bytes = Buffer.concat(this.parts);
    const cut = this.cut;
    this.parts = [];
    this.held = 0;
    this.cut = false;
    return this.line(bytes, cut);
  }

  private line(bytes: Buffer, cut = bytes.length > LONGEST_LINE_BYTES): TextLine {
    const kept = cut ? bytes.subarray(0, LONGEST_LINE_BYTES) : bytes;
    this.number += 1;
    let text = kept.toString('utf8');
    if (this.number === 1 && text.startsWith(BYTE_ORDER_MARK)) text = text.slice(1);
    if (text.endsWith('\r')) text = text.slice(0, -1);
    return { number: this.number, text, cut };
  }
}
