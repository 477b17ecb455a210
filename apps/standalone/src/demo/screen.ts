/** Somewhere to write: standard output, or a list of lines in a test. */
export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const PLAIN_EVERY_MS = 2_000;

/** Lines that are drawn over each other in a terminal; in a pipe one line every 2 s. */
export class LiveLines {
  private drawn = 0;
  private lastPlainAt = 0;

  constructor(private readonly out: Terminal) {}

  show(lines: readonly string[], plain: () => string, now: number): void {
    if (this.out.isTTY) return this.draw(lines);
    if (now - this.lastPlainAt < PLAIN_EVERY_MS) return;
    this.lastPlainAt = now;
    this.out.write(`${plain()}\n`);
  }

  /** A line that stays, above what is drawn. */
  say(text: string): void {
    this.clear();
    this.out.write(`${text}\n`);
  }

  clear(): void {
    if (this.drawn > 0) this.out.write(`\x1b[${this.drawn}A\x1b[J`);
    this.drawn = 0;
  }

  private draw(lines: readonly string[]): void {
    const width = this.out.columns ?? 100;
    this.clear();
    for (const line of lines) this.out.write(`${line.slice(0, width - 1)}\n`);
    this.drawn = lines.length;
  }
}
