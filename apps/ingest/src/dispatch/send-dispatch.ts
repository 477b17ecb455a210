import { partitionOf } from '@assay/contracts';
import type { Publisher } from '@assay/messaging';
import type { Dispatch } from './claim-chunk.js';

/** Produces a dispatch; resolves when the broker has acknowledged every row of it. `asks`: those of round one. */
export async function sendDispatch(
  publisher: Publisher,
  dispatch: Dispatch,
  asks: readonly string[],
): Promise<void> {
  const { plan, lane, partitions } = dispatch;
  await Promise.all(
    dispatch.rows.map(({ bucket, ...row }) =>
      publisher.publish(
        'url.submitted',
        lane,
        partitionOf(row.domain, bucket, partitions),
        { v: 1, plan, ...row },
        asks,
      ),
    ),
  );
}
