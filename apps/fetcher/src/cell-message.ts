import type { Cell, Metric, Plan } from '@assay/contracts';

/** A cell and the plan of its row. */
export interface PlannedCell {
  readonly plan: Plan;
  readonly cell: Omit<Cell, 'plan'>;
}

/** One message of cells for one ask; rows of one dispatch share their plan. */
export function cellMessage(ask: string, planned: readonly PlannedCell[]): Metric {
  const plans: Plan[] = [];
  const cells = planned.map(({ plan, cell }) => {
    let index = plans.findIndex((known) => samePlan(known, plan));
    if (index < 0) index = plans.push(plan) - 1;
    return { plan: index, ...cell };
  });
  return { v: 1, ask, plans, cells };
}

function samePlan(a: Plan, b: Plan): boolean {
  if (a === b) return true;
  return (
    a.submission === b.submission &&
    a.dispatchedAt === b.dispatchedAt &&
    a.freshFrom === b.freshFrom &&
    a.round1At === b.round1At &&
    a.deadlineAt === b.deadlineAt &&
    a.graceMs === b.graceMs &&
    a.patienceMs === b.patienceMs &&
    a.maxAgeMs === b.maxAgeMs &&
    a.cancelled === b.cancelled &&
    a.capped === b.capped &&
    a.only?.join() === b.only?.join() &&
    sameNumbers(a.freshFromOf, b.freshFromOf) &&
    sameNumbers(a.asks, b.asks)
  );
}

function sameNumbers(a: Plan['asks'] = {}, b: Plan['asks'] = {}): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

/** Field names, ids and times of a cell, and of a plan, as JSON. */
const CELL_BYTES = 320;
const PLAN_BYTES = 320;
const ASK_BYTES = 16;
const FRESH_FROM_BYTES = 20;
/** Of one UTF-16 code unit: three bytes, or six where JSON escapes it. */
const MOST_BYTES_PER_CHARACTER = 6;

/** At most this many bytes as JSON, as if it brought its plan; cheap, since every cell is measured. */
export function mostBytes({ plan, cell }: PlannedCell): number {
  let bytes = CELL_BYTES + PLAN_BYTES + MOST_BYTES_PER_CHARACTER * cell.unit.length;
  for (const ask in plan.asks) bytes += ASK_BYTES + ask.length;
  for (const ask in plan.freshFromOf) bytes += FRESH_FROM_BYTES + ask.length;
  return cell.facts ? bytes + Buffer.byteLength(JSON.stringify(cell.facts)) : bytes;
}
