import { Type, type Static } from 'typebox';
import { contract } from './contract.js';
import { FAILURE_CLASSES, OUTCOMES, SKIP_REASONS, type SkipReason } from './outcome.js';

const Names = Type.Array(Type.String({ minLength: 1, maxLength: 128 }), { minItems: 1, maxItems: 256 });

/** Body of POST /v1/submissions/:id/retry: which cells are asked again. What is given must all hold. */
export const RetryFilter = contract(
  'retry filter',
  1,
  Type.Object(
    {
      /** Absent: failed and skipped. */
      outcomes: Type.Optional(Type.Array(Type.Enum(OUTCOMES), { minItems: 1, maxItems: 16 })),
      /** Of failed cells. With it alone no skipped cell matches. */
      classes: Type.Optional(Type.Array(Type.Enum(FAILURE_CLASSES), { minItems: 1, maxItems: 64 })),
      /** Of skipped cells. With it alone no failed cell matches. */
      reasons: Type.Optional(Type.Array(Type.Enum(SKIP_REASONS), { minItems: 1, maxItems: 64 })),
      asks: Type.Optional(Names),
      providers: Type.Optional(Names),
    },
    { additionalProperties: false },
  ),
);
export type RetryFilter = Static<typeof RetryFilter.schema>;

/** Skipped for these, a cell would only end the same again: it is retried where its reason is named. */
export const LASTING_REASONS = ['same_unit', 'no_fact', 'unsupported', 'robots', 'cancelled'] as const;

export function isLasting(reason: SkipReason): boolean {
  return (LASTING_REASONS as readonly SkipReason[]).includes(reason);
}
