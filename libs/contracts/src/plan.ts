import { Type, type Static } from 'typebox';

/** Milliseconds since 1970, by the clock of the database for everything a dispatch fixes. */
export const Millis = Type.Integer({ minimum: 0 });
export const Seq = Type.Integer({ minimum: 0 });
export const Uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });

/**
 * What was planned for a row when it was dispatched, the same for all rows of one dispatch.
 * It travels with messages 1, 2, 4 and 5, since topics have no order between them.
 */
export const Plan = Type.Object({
  submission: Uuid,
  /** Planned asks with the generation wanted of each. */
  asks: Type.Record(Type.String(), Type.Integer({ minimum: 0 })),
  dispatchedAt: Millis,
  /**
   * When the first rows of this submission and generation were dispatched. What was fetched or bought since then will
   * do, so that a unit of rows that go out one after the other is bought once. Absent: `dispatchedAt`.
   */
  freshFrom: Type.Optional(Millis),
  /**
   * In a retry: asks whose own cell it is not about, raised only because they take a fact from one that it is about,
   * with the `freshFrom` of the list. Where their unit is the same, its answer of then will do and is not bought twice.
   */
  freshFromOf: Type.Optional(Type.Record(Type.String(), Millis)),
  /** Round one closes. */
  round1At: Millis,
  /** The row closes; final at most 3 s later. */
  deadlineAt: Millis,
  /** A message later than deadline + grace (by its Kafka timestamp) creates no state. */
  graceMs: Type.Integer({ minimum: 0 }),
  /** Longest wait for a limit, a breaker or a quota before a cell is skipped(reason, until). */
  patienceMs: Type.Integer({ minimum: 0 }),
  /** Oldest stored answer that this row accepts; absent: the provider's TTL alone decides. */
  maxAgeMs: Type.Optional(Type.Integer({ minimum: 0 })),
  /**
   * In `url.submitted` of a retry, and nowhere else: the round-one asks that it raised; empty where all of them are of
   * round two. Fetchers ask only these. The others are named in `asks` so that the row knows its whole plan.
   */
  only: Type.Optional(Type.Array(Type.String({ minLength: 1 }))),
  /** The submission was cancelled before this row was dispatched: every ask ends skipped(cancelled), nothing is asked. */
  cancelled: Type.Optional(Type.Literal(true)),
  /** The submission has a ceiling: every call for it is taken from its budget first. */
  capped: Type.Optional(Type.Literal(true)),
});
export type Plan = Static<typeof Plan>;

/** Text that PostgreSQL can hold, at least one character: no NUL, no half of a surrogate pair. */
export const STORABLE = '^[^\\u0000\\ud800-\\udfff]+$';

export const RowIdentity = {
  seq: Seq,
  url: Type.String({ pattern: STORABLE, maxLength: 8192 }),
  host: Type.String({ pattern: STORABLE }),
  /** Registrable domain by the public suffix list; the host itself where there is none (an IP address). */
  domain: Type.String({ pattern: STORABLE }),
};

/** A fetcher answers skipped(expired) for a request that reaches it later than this before its round closes. */
export const EXPIRY_MARGIN_MS = 2_000;
