import { Type, type Static } from 'typebox';
import { Cell } from './cell.js';
import { contract } from './contract.js';
import { Plan } from './plan.js';

/** Cells of many rows for one ask. The numbers lie in `answer`; a cell points there. */
const Metric = Type.Object({
  v: Type.Literal(1),
  ask: Type.String({ minLength: 1 }),
  plans: Type.Array(Plan, { minItems: 1 }),
  cells: Type.Array(Cell, { minItems: 1 }),
});

/** Message 2: cells of round one, with the facts round two needs. Written by fetchers, read by the joiner. */
export const MetricRound1 = contract('metric.round1', 1, Metric);
/** Message 4: cells of round two. Written by fetchers, read by the joiner. */
export const MetricRound2 = contract('metric.round2', 1, Metric);
export type Metric = Static<typeof Metric>;
