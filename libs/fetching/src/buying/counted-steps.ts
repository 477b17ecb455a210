import type { Exchange } from '../calls/conversation.js';
import { StepRefused } from '../runtime/step-entry.js';

/**
 * For submissions with a ceiling: each request beyond those that were taken for the call (a redirect) is taken
 * before it is sent. Rejects with StepRefused(budget) where it would pass the ceiling.
 */
export function countedSteps(exchange: Exchange, taken: number, take: () => Promise<boolean>): Exchange {
  let sent = 0;
  return async (request) => {
    if (!request.sharedForMs && ++sent > taken && !(await take())) throw new StepRefused('budget');
    return exchange(request);
  };
}
