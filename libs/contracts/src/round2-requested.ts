import { Type, type Static } from 'typebox';
import { contract } from './contract.js';
import { Plan, RowIdentity, STORABLE } from './plan.js';

/** One round-two question of a row. The unit's value is fixed for its gen when it is first emitted. */
export const Round2Ask = Type.Object({
  ask: Type.String({ minLength: 1 }),
  gen: Type.Integer({ minimum: 0 }),
  unit: Type.String({ pattern: STORABLE, maxLength: 8192 }),
});
export type Round2Ask = Static<typeof Round2Ask>;

/** Message 3: rows with the asks now askable. Written by the joiner, read by round-two fetchers. */
export const Round2Requested = contract(
  'round2.requested',
  1,
  Type.Object({
    v: Type.Literal(1),
    plans: Type.Array(Plan, { minItems: 1 }),
    rows: Type.Array(
      Type.Object({
        plan: Type.Integer({ minimum: 0 }),
        ...RowIdentity,
        asks: Type.Array(Round2Ask, { minItems: 1 }),
      }),
      { minItems: 1 },
    ),
  }),
);
export type Round2Requested = Static<typeof Round2Requested.schema>;
