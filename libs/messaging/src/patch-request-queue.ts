import { createRequire } from 'node:module';

interface RequestQueue {
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  readonly pending: readonly unknown[];
  checkPendingRequests(): void;
}

const CHECK_EVERY_MS = 10;

/**
 * kafkajs 2.2.4 arms this timer again after each run, with a negative delay when nothing throttles:
 * a 1 ms busy loop per connection, 5 % of a core in an idle process (0.6-1.1 % without it). The
 * queue needs looking at only while a request waits in it.
 */
function scheduleCheckPendingRequests(this: RequestQueue): void {
  if (this.throttleCheckTimeoutId || this.pending.length === 0) return;
  const throttledFor = this.throttledUntil - Date.now();
  this.throttleCheckTimeoutId = setTimeout(
    () => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    },
    throttledFor > 0 ? throttledFor : CHECK_EVERY_MS,
  );
}

const { prototype } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as {
  prototype: { scheduleCheckPendingRequests?: (this: RequestQueue) => void };
};
if (typeof prototype.scheduleCheckPendingRequests !== 'function')
  throw new Error('kafkajs is not the version that patch-request-queue.ts was written for (2.2.4)');
prototype.scheduleCheckPendingRequests = scheduleCheckPendingRequests;
