import type { Lane, SubmissionOptions } from '@assay/contracts';
import { storedCeilings, type StoredCeilings } from './ceilings.js';

/** What a lane gives a submission that asks for nothing else. Milliseconds. */
export interface LaneDefaults {
  readonly round1Ms: number;
  readonly deadlineMs: number;
  readonly graceMs: number;
  readonly patienceMs: number;
}

export interface SubmissionDefaults extends Readonly<Record<Lane, LaneDefaults>> {
  /** More accepted rows than this go to bulk. */
  readonly expressRows: number;
}

export interface SubmissionSettings extends LaneDefaults {
  readonly lane: Lane;
  readonly name: string | null;
  readonly weight: number;
  readonly maxAgeMs: number | null;
  readonly ceilings: StoredCeilings | null;
}

/** As the options allow: requests expire 2 s before round one closes. */
const ROUND1_AT_LEAST_MS = 3_000;
const WEEK_MS = 7 * 24 * 3_600_000;
/** Room between the close of round one and the row's deadline, for round two. */
const ROUND2_AT_LEAST_MS = 1_000;

/** Deadline and grace of the rows that are open longest where nobody asks for another deadline. */
export function longestRowMs({ express, bulk }: SubmissionDefaults): number {
  return Math.max(express.deadlineMs + express.graceMs, bulk.deadlineMs + bulk.graceMs);
}

/** Settles lane, deadlines and patience; undefined where round one would close after the row does. */
export function settleSubmission(
  options: SubmissionOptions,
  rows: number,
  defaults: SubmissionDefaults,
): SubmissionSettings | undefined {
  const lane = options.lane ?? (rows <= defaults.expressRows ? 'express' : 'bulk');
  const base = defaults[lane];
  const deadlines = closing(options.deadlines ?? {}, base);
  if (deadlines.round1Ms + ROUND2_AT_LEAST_MS > deadlines.deadlineMs) return undefined;
  return {
    lane,
    ...deadlines,
    graceMs: base.graceMs,
    patienceMs: options.patienceMs ?? base.patienceMs,
    name: options.name ?? null,
    weight: options.weight ?? 1,
    maxAgeMs: options.refresh ? 0 : (options.maxAgeMs ?? null),
    ceilings: storedCeilings(options.ceilings),
  };
}

/** One deadline alone moves the other by the lane's own proportion where they would cross. */
function closing(asked: { round1Ms?: number; deadlineMs?: number }, base: LaneDefaults) {
  const { round1Ms = base.round1Ms, deadlineMs = base.deadlineMs } = asked;
  const share = base.round1Ms / base.deadlineMs;
  if (asked.deadlineMs === undefined) {
    return { round1Ms, deadlineMs: Math.min(WEEK_MS, Math.max(deadlineMs, Math.round(round1Ms / share))) };
  }
  if (asked.round1Ms === undefined) {
    const moved = Math.max(ROUND1_AT_LEAST_MS, Math.round(deadlineMs * share));
    return { round1Ms: Math.min(round1Ms, moved), deadlineMs };
  }
  return { round1Ms, deadlineMs };
}
