import { slotBackAt } from '@assay/contracts';
import { msToShare, type Sliding } from './permit-state.js';

/** When so many permits will have come back. */
export function roomAt(window: Sliding, missing: number): number {
  let left = missing;
  for (let age = window.taken.length - 1; age >= 0; age--) {
    left -= window.taken[age]!;
    if (left <= 0) return backAt(window, age);
  }
  return backAt(window, 0);
}

/**
 * When a start that costs so much finds room, as slots pass and as the pace comes back: after a 429 a window of a day need
 * not pass for what it may well hold. `kept`: permits that are left to express.
 */
export function roomAtPace(
  window: Sliding,
  { cost, kept, share }: { readonly cost: number; readonly kept: number; readonly share: number },
  now: number,
): number {
  let soonest = Infinity;
  let used = window.used;
  let from = now;
  for (let age = window.taken.length - 1; age >= -1; age--) {
    // Where nothing is used any more, also what is larger than the window goes.
    const wanted = used === 0 ? 0 : (used + cost + kept) / window.permits;
    if (wanted <= 1) soonest = Math.min(soonest, Math.max(from, now + msToShare(share, wanted)));
    if (age < 0) break;
    used -= window.taken[age]!;
    from = backAt(window, age);
  }
  return soonest;
}

function backAt({ slot, taken, ms }: Sliding, age: number): number {
  return slotBackAt({ slot, slots: taken.length, ms }, age);
}
