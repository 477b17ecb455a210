/** What is known of a part that a service needs: PostgreSQL, Kafka, another service. */
export interface PartState {
  readonly ok: boolean;
  /** Since when it is as it is, in ms since 1970. */
  readonly since: number;
  /** What is wrong, for people; without secrets. */
  readonly error?: string;
  /** Work was refused (disk full, read-only): no probe sees that, so it counts until then. */
  readonly refusedUntil?: number;
}

/** A probe came back, or `error` says why it did not. */
export function afterProbe(state: PartState, error: string | undefined, now: number): PartState {
  if (error === undefined && (state.refusedUntil ?? 0) > now) return state;
  return turned(state, error, now);
}

/** Real work was refused although the part answers: believed for `lastsMs`. */
export function afterRefusal(state: PartState, error: string, now: number, lastsMs: number): PartState {
  return { ...turned(state, error, now), refusedUntil: now + lastsMs };
}

/** What was refused was taken after all. */
export function afterWork(state: PartState, now: number): PartState {
  return state.refusedUntil === undefined ? state : turned(state, undefined, now);
}

function turned(state: PartState, error: string | undefined, now: number): PartState {
  const ok = error === undefined;
  const since = state.ok === ok ? state.since : now;
  return error === undefined ? { ok, since } : { ok, since, error };
}
