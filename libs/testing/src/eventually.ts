import { setTimeout as wait } from 'node:timers/promises';
import { inspect } from 'node:util';

/**
 * Waits until `holds` accepts what `look` sees every `everyMs`, and returns it. Rejects after `withinMs` with the
 * last thing seen, so that a failed run can be read.
 */
export async function eventually<T>(
  look: () => Promise<T> | T,
  holds: (seen: T) => boolean,
  withinMs = 20_000,
  everyMs = 20,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (Date.now() > deadline)
      throw new Error(`not within ${withinMs} ms; last seen: ${inspect(seen, { depth: 5 })}`);
    await wait(everyMs);
  }
}
