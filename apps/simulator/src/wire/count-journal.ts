import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Answered, Counts, Received } from './counts.js';

const FLUSH_MS = 100;

type Entry = readonly ['received', Received] | readonly ['answered', Answered];

/**
 * What the simulator counted, a line each, so that its books outlive a restart. Written every 100 ms: a kill loses that
 * much at most.
 */
export class CountJournal {
  #lines: string[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly file: string) {}

  /** Counts what earlier runs wrote, then writes what this one counts. */
  attach(counts: Counts): void {
    if (existsSync(this.file))
      for (const line of readFileSync(this.file, 'utf8').split('\n')) replay(line, counts);
    counts.listen(
      (entry) => this.#note(entry),
      () => this.#forget(),
    );
    this.#timer = setInterval(() => this.flush(), FLUSH_MS).unref();
  }

  flush(): void {
    if (this.#lines.length === 0) return;
    appendFileSync(this.file, `${this.#lines.join('\n')}\n`);
    this.#lines = [];
  }

  close(): void {
    clearInterval(this.#timer);
    this.flush();
  }

  #note(entry: Entry): void {
    this.#lines.push(JSON.stringify(entry));
  }

  #forget(): void {
    this.#lines = [];
    writeFileSync(this.file, '');
  }
}

/** The last line of a run that was killed may be half a line: it was not counted either. */
function replay(line: string, counts: Counts): void {
  try {
    const [kind, value] = JSON.parse(line) as Entry;
    if (kind === 'received') counts.received(value);
    else counts.answered(value.provider, value.status, value.bytes);
  } catch {
    return;
  }
}
