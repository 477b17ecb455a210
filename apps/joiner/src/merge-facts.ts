import type { Cell, Facts } from '@assay/contracts';
import { compareAttempts } from './merge-cells.js';
import type { FoundFacts } from './row-state.js';

type FactName = keyof Facts;

/**
 * The facts of a round-one ask after one more of its cells. Those of the newest attempt that brought
 * any count; only `wanted` ones are kept, they travel with the row. Returns `known` where nothing changes.
 */
export function mergeFacts(
  known: FoundFacts | undefined,
  cell: Cell,
  wanted: ReadonlySet<FactName>,
): FoundFacts | undefined {
  if (!cell.facts || wanted.size === 0) return known;
  if (known && compareAttempts(cell, known) <= 0) return known;
  const facts: Record<string, unknown> = {};
  for (const name of wanted) if (cell.facts[name] !== undefined) facts[name] = cell.facts[name];
  const { gen, outcome, at, answer } = cell;
  return { gen, outcome, at, ...(answer !== undefined && { answer }), facts: facts as Facts };
}
