import { partitionOf } from '@assay/contracts';
import type { Publisher } from '@assay/messaging';
import { planOfRow, type Dispatch, type RoundOneAsks } from './dispatch-plan.js';

/** Produces a dispatch; resolves when the broker has acknowledged every row of it. */
export async function sendDispatch(
  publisher: Publisher,
  dispatch: Dispatch,
  roundOne: RoundOneAsks,
): Promise<void> {
  const { lane, partitions } = dispatch;
  const rowPlan = planOfRow(dispatch, roundOne);
  await Promise.all(
    dispatch.rows.map(({ bucket, asks: raised, matched, ...row }) => {
      const { plan, asks } = rowPlan(raised ? { asks: raised, matched: matched ?? null } : {});
      const partition = partitionOf(row.domain, bucket, partitions);
      return publisher.publish('url.submitted', lane, partition, { v: 1, plan, ...row }, asks);
    }),
  );
}
