/** So many at once, so many more in line; whoever comes after is told so. */
export class Turns {
  #running = 0;
  readonly #line: (() => void)[] = [];

  constructor(
    private readonly atOnce: number,
    private readonly mostWaiting: number,
  ) {}

  /** Those that run and those in line. */
  get held(): number {
    return this.#running + this.#line.length;
  }

  get bound(): number {
    return this.atOnce + this.mostWaiting;
  }

  /** undefined where the line is full: nothing was begun. */
  take<T>(work: () => Promise<T>): Promise<T> | undefined {
    if (this.#running < this.atOnce) {
      this.#running += 1;
      return this.#run(work);
    }
    if (this.#line.length >= this.mostWaiting) return undefined;
    return new Promise<void>((resolve) => this.#line.push(resolve)).then(() => this.#run(work));
  }

  /** Whoever is next takes over the place. */
  async #run<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      const next = this.#line.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }
}
