import { performance } from 'node:perf_hooks';
import type { GiveWay } from '../governor/governor-settings.js';

/** Longer than a row takes from one round to the next. */
const HOLD_MS = 500;
/** Share of the time in which this process computes, from which on it can not do both lanes justice. */
const BUSY = 0.6;
const LOOK_EVERY_MS = 100;

/**
 * Bulk makes way in the whole process while express has come within half a second, but only where the
 * process is short of CPU: places that merely wait for slow providers cost express nothing.
 */
export function expressFirst(utilization: () => number = loopUtilization()): GiveWay {
  let expressAt = -Infinity;
  let lookedAt = -Infinity;
  let busy = false;
  let givesWay = false;
  return {
    expressCame: (now) => void (expressAt = Math.max(expressAt, now)),
    until: (now) => {
      if (now >= lookedAt + LOOK_EVERY_MS) {
        lookedAt = now;
        busy = utilization() >= BUSY;
      }
      // Whoever makes way is busy no more: once begun, it lasts as long as express keeps coming.
      givesWay = now < expressAt + HOLD_MS && (givesWay || busy);
      return givesWay ? expressAt + HOLD_MS : 0;
    },
  };
}

/** Share of time since the last look in which the event loop did not wait. */
function loopUtilization(): () => number {
  let last = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return utilization;
  };
}
