import { setTimeout as wait } from 'node:timers/promises';

const PAUSE_MS = 50;

/**
 * Asks the broker again while it answers that it is not ready (a leader that is just moving): kafkajs's
 * own admin gives up at once. Rejects with the last answer after `withinMs`.
 */
export async function askUntil<T>(ask: () => Promise<T>, withinMs = 30_000): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if ((error as { retriable?: boolean }).retriable !== true || performance.now() > deadline) throw error;
      await wait(PAUSE_MS);
    }
  }
}
