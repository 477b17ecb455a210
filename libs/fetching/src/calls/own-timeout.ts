import type { Lane } from '@assay/contracts';
import type { ProviderDefinition } from '@assay/providers';

/** Of the longest time of a priced call, for a person who waits. */
const EXPRESS_SHARE = 1 / 3;

/**
 * Total time of one call on a lane. A priced call is not begun with less than this left, or we would pay for what comes
 * too late: on express, where a row lives for a minute and such providers take up to a minute at worst and ten seconds
 * as a rule, it gets a third, or nothing could be bought there.
 */
export function ownTimeoutMs(
  { price, timeoutMs }: Pick<ProviderDefinition, 'price' | 'timeoutMs'>,
  lane: Lane,
): number {
  return price && lane === 'express' ? Math.ceil(timeoutMs * EXPRESS_SHARE) : timeoutMs;
}
