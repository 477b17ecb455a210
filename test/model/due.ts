import { SPAN } from './sql/ingest-sql.js';
import type { World } from './world.js';

/** When something is due next that nothing but time brings; what came due since it was looked for, at once. */
export function nextDue({ tables, now, reconciles }: World): number {
  const times: number[] = [];
  for (const { sweepAt } of tables.pendingRow.values()) if (sweepAt !== null) times.push(sweepAt);
  for (const one of tables.dispatch.values()) {
    if (one.sentAt === undefined) times.push(one.leaseUntil + 1);
    else if (one.takeOwed) times.push(now);
    else if (reconciles && !one.settled) times.push(one.deadlineAt + SPAN.graceMs + 1);
  }
  for (const { notBefore, leaseUntil } of tables.parked.values())
    times.push(Math.max(notBefore, leaseUntil + 1));
  return times.length > 0 ? Math.max(now + 1, Math.min(...times)) : now + 2_000;
}
