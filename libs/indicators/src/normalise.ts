/** Each maps a number to 0 (bad) … 1 (good). */

export const share = (value: number, top: number) => clamp(value / top);

/** Grows quickly at first: the step from 10 to 100 counts like the one from 100 to 1,000. */
export const logShare = (value: number, top: number) =>
  clamp(Math.log1p(Math.max(0, value)) / Math.log1p(top));

/** 1 from `low` to `high`; falls evenly to 0 at nothing and at twice `high`. */
export function within(value: number, low: number, high: number): number {
  if (value < low) return clamp(value / low);
  return value <= high ? 1 : clamp(2 - value / high);
}

/** 1 up to `fast`, 0 from `slow` on, evenly on a logarithmic scale between. */
export function quickness(value: number, fast: number, slow: number): number {
  return clamp(1 - Math.log(Math.max(value, fast) / fast) / Math.log(slow / fast));
}

export const clamp = (value: number) => Math.min(1, Math.max(0, value));
