/** Rests of endless loops: each by name, cut short by a wake or by the end. */
export class Pace {
  private readonly resting = new Map<string | symbol, () => void>();
  private readonly woken = new Set<string>();
  ended = false;

  /** Until `ms` have passed or somebody wakes this name; a wake that came before counts. */
  async rest(name: string, ms: number): Promise<void> {
    if (this.ended || this.woken.delete(name)) return;
    await this.until(name, ms);
    this.woken.delete(name);
  }

  /** Until `ms` have passed; only the end cuts it short. */
  async pause(ms: number): Promise<void> {
    if (this.ended || ms <= 0) return;
    await this.until(Symbol('pause'), ms);
  }

  wake(name: string): void {
    this.woken.add(name);
    this.resting.get(name)?.();
  }

  end(): void {
    this.ended = true;
    for (const wake of this.resting.values()) wake();
  }

  private until(name: string | symbol, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.resting.delete(name);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.resting.set(name, wake);
    });
  }
}
