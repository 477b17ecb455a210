import { partitionOf } from '@assay/contracts';
import type { Publisher } from '@assay/messaging';
import type { RoundOneAsks } from '../dispatch/dispatch-plan.js';
import { sendDispatch } from '../dispatch/send-dispatch.js';
import { isReminder } from './decide-take.js';
import type { Take } from './owed-takes.js';

/** No fetcher wants it. */
const NO_ASKS: readonly string[] = [];

/**
 * Produces a take; resolves when the broker has acknowledged every row of it.
 *
 * The first is a reminder: the same message, for no fetcher. The joiner sends what it has, and begins nothing, since
 * it comes later than deadline + grace. That of a retry raises nothing: a row that never heard of it would end as
 * expired here and now; the next take asks it in time.
 */
export async function sendTake(
  publisher: Publisher,
  { takes, dispatch }: Take,
  roundOne: RoundOneAsks,
): Promise<void> {
  if (!isReminder(takes)) return sendDispatch(publisher, dispatch, roundOne);
  const { lane, partitions, plan, rows } = dispatch;
  await Promise.all(
    rows.map(({ bucket, asks: _raised, matched: _matched, ...row }) => {
      const partition = partitionOf(row.domain, bucket, partitions);
      return publisher.publish('url.submitted', lane, partition, { v: 1, plan, ...row }, NO_ASKS);
    }),
  );
}
