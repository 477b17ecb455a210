import { unitKey, type Facts, type Outcome } from '@assay/contracts';
import type { AskDefinition } from '@assay/providers';
import { catalogue } from '../../apps/joiner/src/join-row.fixture.js';
import fc from 'fast-check';
import type { Line } from './tables.js';

/** Planned for every row: two asks of round one, and two of round two, one with a fallback. */
export const ASKS = ['page', 'safe', 'safe.final', 'links'] as const;
export type Ask = (typeof ASKS)[number];
/** Which asks one fetcher answers for. */
export const PROVIDERS: Readonly<Record<string, readonly Ask[]>> = {
  page: ['page', 'links'],
  safe: ['safe', 'safe.final'],
};

export function definitionOf(ask: Ask): AskDefinition {
  return catalogue.asks.get(ask)!;
}

/** What a provider says about one row's unit in one generation. */
type Reply = Extract<Outcome, 'ok' | 'absent' | 'failed' | 'skipped'>;

export interface RowTruth {
  /** By gen. */
  readonly replies: readonly Readonly<Record<Ask, Reply>>[];
  readonly finalUrl: 'same' | 'other' | 'none';
  readonly canonicalUrl: 'other' | 'none';
  /** Each call finds another final URL. */
  readonly fickle: boolean;
}

/** What the outside is like; the same for a run and for its reference. */
export interface Truth {
  readonly rows: readonly RowTruth[];
  /** Rows of the first of two lists. */
  readonly first: number;
  readonly lane: 'express' | 'bulk';
  /** Asks about which an old answer is stored, no longer fresh. */
  readonly older: readonly Ask[];
  /** Asks that must wait for their host the first time. */
  readonly parks: readonly Ask[];
}

export const GENS = 3;
export const ROWS = 3;

const reply = fc.constantFrom<Reply>('ok', 'ok', 'absent', 'failed', 'skipped');
const replies = fc.record({ page: reply, safe: reply, 'safe.final': reply, links: reply });
export const truths = (fickle: boolean): fc.Arbitrary<Truth> =>
  fc.record({
    rows: fc.array(
      fc.record({
        replies: fc.array(replies, { minLength: GENS, maxLength: GENS }),
        finalUrl: fc.constantFrom('other' as const, 'other' as const, 'same' as const, 'none' as const),
        canonicalUrl: fc.constantFrom('other' as const, 'none' as const),
        fickle: fickle ? fc.boolean() : fc.constant(false),
      }),
      { minLength: ROWS, maxLength: ROWS },
    ),
    first: fc.integer({ min: 1, max: ROWS }),
    lane: fc.constantFrom('express' as const, 'bulk' as const),
    older: fc.subarray([...ASKS]),
    parks: fc.subarray([...ASKS]),
  });

/** One domain for two of the rows, so that both partitions are used and one of them twice. */
export function lineOf(row: number): Line {
  const domain = row === 2 ? 'c.example' : 'a.example';
  const host = `r${row}.${domain}`;
  return { seq: String(row), turn: 0, url: `http://${host}/`, host, domain, bucket: 0 };
}

export interface Said {
  readonly outcome: Reply;
  readonly facts: Facts | undefined;
}

/** What the provider says when it is asked for the nth time. */
export function saidOf(truth: Truth, ask: Ask, unit: string, gen: number, nth: number): Said {
  const row = Number(/r(\d)\./.exec(unit)![1]);
  const { replies: all, finalUrl, canonicalUrl, fickle } = truth.rows[row]!;
  const outcome = all[Math.min(gen, GENS - 1)]![ask];
  if (ask !== 'page' || outcome !== 'ok') return { outcome, facts: undefined };
  const other = fickle ? `final${nth % 2}` : 'final';
  return {
    outcome,
    facts: {
      ...(finalUrl !== 'none' && { finalUrl: finalUrl === 'same' ? unit : `${unit}${other}` }),
      ...(canonicalUrl === 'other' && { canonicalUrl: `${unit}c` }),
    },
  };
}

/** Which ask of a surface a unit belongs to: both asks of one surface are about different pages of a row. */
export function askOf(surface: string, unit: string): Ask {
  if (surface === 'safe') return unit.includes('final') ? 'safe.final' : 'safe';
  return surface === 'page' ? 'page' : 'links';
}

/** The one number of an answer: no two units have the same. */
export function numberOf(surface: string, unit: string): number {
  let n = 0;
  for (const letter of `${surface} ${unitKey(unit)}`) n = (n * 31 + letter.charCodeAt(0)) % 1_000_003;
  return n;
}
