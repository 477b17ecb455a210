import type { PermitState } from './permit-state.js';

/** Whose permits: one limit key of a provider with one of our keys. */
export interface PermitName {
  readonly provider: string;
  readonly limitKey: string;
  /** Place among our keys at the provider. */
  readonly credential: number;
}

export interface StoredPermits {
  /** Rises by one with every change. */
  readonly revision: number;
  readonly state: PermitState;
}

export interface PermitWrite extends PermitName, StoredPermits {
  readonly idleAt: number;
  /** Decided from nothing: written only where nothing stands. Else only over what it was decided from. */
  readonly first: boolean;
}

/** What came of a write. */
export interface PermitsWritten {
  /** The store's clock, in ms since 1970. */
  readonly now: number;
  /** By `permitKey`: what stands there instead; undefined where nothing does. */
  readonly lost: ReadonlyMap<string, StoredPermits | undefined>;
}

export interface PermitStore {
  /**
   * Writes each where the stored revision is one less, or where it is the first and nothing is stored, all by one statement. Nothing is written where
   * `at`, the time they were computed for, is further than `CLOCK_MS` from the store's clock. Rejects where it is away.
   */
  write(writes: readonly PermitWrite[], at: number): Promise<PermitsWritten>;
}

/** A process that was stopped between the decision and the write has decided for another time. */
export const CLOCK_MS = 200;

export function permitKey({ provider, limitKey, credential }: PermitName): string {
  return `${provider} ${credential} ${limitKey}`;
}
