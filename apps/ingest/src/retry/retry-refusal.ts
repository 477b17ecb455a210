import type { SubmissionState } from '@assay/contracts';
import type { Progress } from '../dispatch/next-chunk.js';

const NOT_YET: Partial<Record<SubmissionState, string>> = {
  receiving: 'Its upload is not over.',
  truncated: 'Its upload was cut and nothing was asked yet: start it instead.',
};

/** Why a submission cannot be retried now; undefined where it can. */
export function retryRefusal(
  state: SubmissionState,
  { accepted, dispatched, retry }: Progress,
): string | undefined {
  if (NOT_YET[state]) return `This submission is ${state}. ${NOT_YET[state]}`;
  if (state === 'cancelled' && dispatched < accepted)
    return `Cancelling is not over: ${accepted - dispatched} rows are still being ended. Try again in a moment.`;
  if (retry.arrived < retry.rows)
    return `The retry before this one is still going out: ${retry.arrived} of ${retry.rows} rows. Try again in a moment.`;
  return undefined;
}
