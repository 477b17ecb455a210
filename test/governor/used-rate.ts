import type { TimelineSecond } from '../harness/simulator-control.js';

/** A stretch of time that is left out, in seconds since 1970. */
export interface LeftOut {
  readonly from: number;
  readonly to: number;
}

/**
 * Share of an allowed rate that was used, over the seconds between the first and the last call but for `edgeS` at
 * either end and the stretches left out.
 */
export function usedShare(
  seconds: readonly TimelineSecond[],
  perSecond: number,
  edgeS: number,
  leftOut: readonly LeftOut[],
): { readonly share: number; readonly seconds: number } {
  const admitted = new Map(seconds.map(({ second, admitted: calls }) => [second, calls]));
  const from = seconds[0]!.second + edgeS;
  const to = seconds.at(-1)!.second - edgeS;
  let calls = 0;
  let counted = 0;
  for (let second = from; second < to; second++) {
    if (leftOut.some((one) => second >= Math.floor(one.from) && second <= Math.ceil(one.to))) continue;
    calls += admitted.get(second) ?? 0;
    counted++;
  }
  return { share: calls / (counted * perSecond), seconds: counted };
}
