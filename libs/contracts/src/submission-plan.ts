/** What a submission is expected to take, before anything is asked. Answer of `?plan=only` and of GET …/plan. */
import { Type, type Static } from 'typebox';
import { LineCounts, SubmissionLinks, SUBMISSION_STATES } from './api.js';
import { Seq, Uuid } from './plan.js';
import { SKIP_REASONS } from './outcome.js';
import { Ceilings } from './submission-options.js';
import { LANES } from './topics.js';

/** Never below `min`, never above `max`, retries after failures aside. All three are equal where the plan is exact. */
const boundsOf = <T extends ReturnType<typeof Type.Number> | ReturnType<typeof Type.Integer>>(number: T) =>
  Type.Object({ min: number, likely: number, max: number });
export const CountBounds = boundsOf(Type.Integer({ minimum: 0 }));
export type CountBounds = Static<typeof CountBounds>;
/** USD with six decimals at most. */
export const PriceBounds = boundsOf(Type.Number({ minimum: 0 }));
export type PriceBounds = Static<typeof PriceBounds>;

export const PlannedAskView = Type.Object({
  ask: Type.String(),
  round: Type.Integer({ minimum: 1, maximum: 2 }),
  unit: Type.String(),
  /** The ask is about submitted units; false: it waits for facts, and its units are bounds. */
  exact: Type.Boolean(),
  /** Distinct units. */
  units: CountBounds,
  /** Of them: answered already, freshly enough for this submission. */
  fresh: Type.Integer({ minimum: 0 }),
  toAsk: CountBounds,
});
export type PlannedAskView = Static<typeof PlannedAskView>;

export const PlannedSkip = Type.Object({
  reason: Type.Enum(SKIP_REASONS),
  /** About so many units of this provider. */
  units: Type.Integer({ minimum: 0 }),
  /** When asking again makes sense. */
  until: Type.Optional(Type.String({ format: 'date-time' })),
  /** For people. */
  why: Type.String(),
});
export type PlannedSkip = Static<typeof PlannedSkip>;

export const PlannedProvider = Type.Object({
  provider: Type.String(),
  rows: Type.Integer({ minimum: 0 }),
  asks: Type.Array(PlannedAskView),
  /** HTTP requests. */
  calls: CountBounds,
  price: PriceBounds,
  /** Of what is left of the provider's quota, 0–1; null where it has none. */
  quotaShare: Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.Null()]),
  /** Seconds from the start to its last answer. */
  endS: Type.Number({ minimum: 0 }),
  skipped: Type.Array(PlannedSkip),
});
export type PlannedProvider = Static<typeof PlannedProvider>;

export const SubmissionPlan = Type.Object({
  id: Uuid,
  state: Type.Enum(SUBMISSION_STATES),
  lane: Type.Enum(LANES),
  counts: LineCounts,
  /** Accepted lines. */
  rows: Seq,
  calls: CountBounds,
  price: PriceBounds,
  /** Seconds from the start to the last row. */
  endS: Type.Number({ minimum: 0 }),
  /** Every number of calls and every price is what it will be. */
  exact: Type.Boolean(),
  ceilings: Type.Union([Ceilings, Type.Null()]),
  providers: Type.Array(PlannedProvider),
  /** What will not be asked, and why: sentences for people. Empty: everything. */
  skipped: Type.Array(Type.String()),
  links: SubmissionLinks,
});
export type SubmissionPlan = Static<typeof SubmissionPlan>;
