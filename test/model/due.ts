import { SPAN } from './sql/ingest-sql.js';
import type { World } from './world.js';

/** When something is due next that nothing but time brings. */
export function nextDue({ tables, now }: World): number {
  const times: number[] = [];
  for (const { sweepAt } of tables.pendingRow.values()) if (sweepAt !== null) times.push(sweepAt);
  for (const one of tables.dispatch.values()) {
    if (one.sentAt === undefined) times.push(one.leaseUntil + 1);
    else if (!one.settled) times.push(one.deadlineAt + SPAN.graceMs + 1);
  }
  for (const { notBefore, leaseUntil } of tables.parked.values())
    times.push(Math.max(notBefore, leaseUntil + 1));
  const later = times.filter((time) => time > now);
  return later.length > 0 ? Math.min(...later) : now + 2_000;
}
