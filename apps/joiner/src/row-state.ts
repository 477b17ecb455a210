import type { Attempt, Facts, JoinedCell, Plan, SkipReason } from '@assay/contracts';

/** A row as it was submitted. */
export interface RowIdentity {
  readonly url: string;
  readonly host: string;
  readonly domain: string;
}

/** Facts with the rank of the attempt that brought them. */
export interface FoundFacts extends Pick<Attempt, 'gen' | 'outcome' | 'at' | 'answer'> {
  readonly facts: Facts;
}

/** A cell that the joiner ended itself. Any outcome that a fetcher reports for its gen replaces it, but expired. */
export interface Ended {
  readonly gen: number;
  readonly reason: Extract<
    SkipReason,
    'no_fact' | 'same_unit' | 'expired' | 'provider_down' | 'quota' | 'cancelled'
  >;
  /** When asking again makes sense. */
  readonly until?: number;
  readonly at: number;
}

/** What was asked in round two. The unit is fixed for its gen. */
export interface Emitted {
  readonly gen: number;
  readonly unit: string;
}

/**
 * All that the joiner knows about one row; the JSON of `pending_row.state`. Outcomes, pointers and
 * facts, no values: about 1.2 KB with six asks.
 */
export interface RowState {
  readonly plan: Plan;
  /** Missing until `url.submitted` was read. */
  readonly row?: RowIdentity;
  /** By the ask that found them; only facts that some ask needs. */
  readonly facts: Readonly<Record<string, FoundFacts>>;
  /** What fetchers reported, by ask. */
  readonly cells: Readonly<Record<string, JoinedCell>>;
  /** What the joiner ended itself, by ask. */
  readonly ended: Readonly<Record<string, Ended>>;
  /** By round-two ask. */
  readonly emitted: Readonly<Record<string, Emitted>>;
  /** Asks that the sweep emitted and whose produce is not acknowledged yet. */
  readonly owed?: readonly string[];
  /** Rises with every change that a reader of `row.joined` sees. */
  readonly version: number;
  /** Every planned ask has an outcome. Stays so until a gen is raised or an ask is added. */
  readonly final: boolean;
  /** Newest version that went out as `partial`, and when; at first the row's beginning. */
  readonly shown: number;
  readonly shownAt: number;
}

/** The newest attempt of a merged cell. */
export function lastAttempt(cell: JoinedCell): Attempt {
  return cell.last ?? cell;
}
