import { Type, type Static } from 'typebox';
import { FAILURE_CLASSES, OUTCOMES, SKIP_REASONS } from './outcome.js';
import { Millis, Seq, Uuid } from './plan.js';

export const OutcomeSchema = Type.Enum(OUTCOMES);
export const DetailSchema = Type.Enum([...FAILURE_CLASSES, ...SKIP_REASONS]);

/** What round one found that round two needs. Hosts and domains are lower case. */
export const Facts = Type.Object({
  /** URL after all redirects, normalised. */
  finalUrl: Type.Optional(Type.String({ maxLength: 8192 })),
  finalHost: Type.Optional(Type.String()),
  finalDomain: Type.Optional(Type.String()),
  /** rel=canonical or og:url, only where it stays on the registrable domain of the final URL. */
  canonicalUrl: Type.Optional(Type.String({ maxLength: 8192 })),
  author: Type.Optional(Type.String({ maxLength: 512 })),
  /** Network name to handles, e.g. {"github":["torvalds"]}. */
  handles: Type.Optional(
    Type.Record(Type.String(), Type.Array(Type.String({ maxLength: 256 }), { maxItems: 16 })),
  ),
});
export type Facts = Static<typeof Facts>;

/** One attempt at a cell: the outcome, why, when, and where measured the answer it points at. */
export const Attempt = Type.Object({
  gen: Type.Integer({ minimum: 0 }),
  outcome: OutcomeSchema,
  /** Class of failed, reason of skipped; absent for ok and absent. */
  detail: Type.Optional(DetailSchema),
  /** For skipped and failed: when asking again makes sense. */
  until: Type.Optional(Millis),
  /** Id of the stored answer; present exactly for ok and absent. */
  answer: Type.Optional(Uuid),
  /** When the provider answered, or when the attempt was given up. */
  at: Millis,
  /** An older answer than the row asked for, shown because the provider could not be asked now. */
  stale: Type.Optional(Type.Literal(true)),
});
export type Attempt = Static<typeof Attempt>;

/** A cell on its way from a fetcher to the joiner. */
export const Cell = Type.Object({
  /** Index into the message's `plans`. */
  plan: Type.Integer({ minimum: 0 }),
  seq: Seq,
  /** `unitKey` of the unit that was asked about. */
  unit: Type.String(),
  ...Attempt.properties,
  facts: Type.Optional(Facts),
  /** Beside a failed or skipped attempt: the last answer there is, too old to count as fresh. */
  older: Type.Optional(Type.Object({ outcome: OutcomeSchema, answer: Uuid, at: Millis })),
});
export type Cell = Static<typeof Cell>;
