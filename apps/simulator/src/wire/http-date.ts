/** The Date header by the simulator's clock: who reads a reset against it must not be a day off when a test moved it. */
export class HttpDate {
  #second = NaN;
  #text = '';

  at(now: number): string {
    const second = Math.floor(now / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#text = new Date(second * 1_000).toUTCString();
    }
    return this.#text;
  }
}
