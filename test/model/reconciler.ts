import { partitionOf, type Lane, type MessageName, type Plan } from '@assay/contracts';
import type { Publisher } from '@assay/messaging';
import { planOfRow } from '../../apps/ingest/src/dispatch/dispatch-plan.js';
import { roundOne } from './round-one.js';
import { dispatchKey, isCancelled, rangeOf, SPAN } from './sql/ingest-sql.js';
import type { DispatchRecord, Tables } from './tables.js';
import { hasNewDeadlines, verdictOf, type Verdict } from './takes.js';
import { PARTITIONS } from './topics.js';
import type { Wire } from './wire.js';

/** How far the groups are. */
export interface Readers {
  ends(messages: readonly MessageName[]): number[];
  committed(group: 'joiner' | 'store', messages: readonly MessageName[]): number[];
}

export interface ReconcilerParts {
  readonly tables: Tables;
  readonly wire: Wire;
  readonly publisher: Publisher;
  readonly readers: Readers;
  clock(): number;
}

/** End offsets sampled after a moment, and what passed them is asked for, first of the joiner, then of the store. */
interface Watch {
  readonly of: 'joiner' | 'store';
  readonly ends: readonly number[];
}

const READS = {
  joiner: ['url.submitted', 'metric.round1', 'metric.round2'],
  store: ['row.joined'],
} as const satisfies Record<string, readonly MessageName[]>;

/**
 * Reconciliation as the design has it (§2.3), statement by statement: rows of a dispatch that are not final at
 * deadline + grace are taken up again, once joiner and store have read all that was written by then.
 */
export class Reconciler {
  readonly #watches = new Map<string, Watch>();

  constructor(private readonly parts: ReconcilerParts) {}

  async look(): Promise<void> {
    const { tables, wire } = this.parts;
    const due = await wire.do('look for what is not final', () =>
      [...tables.dispatch.values()].filter((dispatch) => this.#isDue(dispatch)),
    );
    for (const dispatch of due) await this.#reconcile(dispatchKey(dispatch));
  }

  async #reconcile(key: string): Promise<void> {
    const { wire } = this.parts;
    const verdict = await wire.do('reconcile', () => this.#judge(key));
    if (verdict === 'send' || verdict === 'take') await this.#send(key);
  }

  /** In one transaction that holds the dispatch: nobody else has settled or taken it before the verdict is written. */
  #judge(key: string): Verdict {
    const { tables } = this.parts;
    const known = tables.dispatch.get(key)!;
    if (known.takeOwed) return this.#renew(key, known);
    if (!this.#isDue(known)) return 'wait';
    const read = this.#isRead(`${key} ${known.takes}`);
    const verdict = verdictOf(known, this.#missing(known).length, read);
    if (verdict === 'settle' || verdict === 'stuck') tables.dispatch.set(key, { ...known, settled: true });
    if (verdict === 'take') this.#take(key, known);
    return verdict;
  }

  /** Each take is watched for itself. */
  #isRead(take: string): boolean {
    const { readers } = this.parts;
    const watch = this.#watches.get(take) ?? this.#watch(take, 'joiner');
    const committed = readers.committed(watch.of, READS[watch.of]);
    if (watch.ends.some((end, i) => committed[i]! < end)) return false;
    if (watch.of === 'joiner') this.#watch(take, 'store');
    else this.#watches.delete(take);
    return watch.of === 'store';
  }

  #watch(take: string, of: Watch['of']): Watch {
    const watch = { of, ends: this.parts.readers.ends(READS[of]) };
    this.#watches.set(take, watch);
    return watch;
  }

  /** A take that is owed goes out as it was written; where its round one has closed meanwhile, with the same span from now. */
  #renew(key: string, known: DispatchRecord): Verdict {
    const { tables, clock } = this.parts;
    if (hasNewDeadlines(known.takes) && known.round1At < clock())
      tables.dispatch.set(key, { ...known, ...timesFrom(clock()) });
    return 'send';
  }

  #isDue({ settled, sentAt, deadlineAt, takeOwed }: DispatchRecord): boolean {
    if (takeOwed) return true;
    return !settled && sentAt !== undefined && deadlineAt + SPAN.graceMs < this.parts.clock();
  }

  #take(key: string, known: DispatchRecord): void {
    const { tables, clock } = this.parts;
    const takes = known.takes + 1;
    const times = hasNewDeadlines(takes) && timesFrom(clock());
    tables.dispatch.set(key, { ...known, ...times, takes, takeOwed: true });
  }

  #missing({ submission, gen, after, count }: DispatchRecord) {
    const { tables } = this.parts;
    return rangeOf(tables, submission, gen, after, count).filter(({ seq }) => {
      const row = tables.urlRow.get(`${submission}/${seq}`);
      return !row || row.state !== 'final' || row.gen < gen;
    });
  }

  /** To the joiner alone: no fetcher wants a message about no asks. Later takes are asked anew. */
  async #send(key: string): Promise<void> {
    const { tables, publisher, wire } = this.parts;
    const dispatch = tables.dispatch.get(key)!;
    const { submission, gen, dispatchedAt, freshFrom, round1At, deadlineAt } = dispatch;
    const { graceMs, patienceMs } = SPAN;
    const plan: Plan = {
      submission,
      asks: Object.fromEntries(tables.submission.get(submission)!.asks.map((ask) => [ask, 0])),
      ...{ dispatchedAt, freshFrom, round1At, deadlineAt, graceMs, patienceMs },
      ...(isCancelled(tables, dispatch) && { cancelled: true as const }),
    };
    const listFreshFrom = tables.dispatch.get(dispatchKey({ submission, chunk: 0 }))!.freshFrom;
    const rowPlan = planOfRow({ gen, plan, listFreshFrom }, roundOne);
    const lane: Lane = tables.lane;
    await Promise.all(
      this.#missing(dispatch).map(({ seq, url, host, domain, bucket, asks: raised, matched = null }) => {
        const row = rowPlan(raised ? { asks: raised, matched } : {});
        const value = { v: 1 as const, plan: row.plan, seq: Number(seq), url, host, domain };
        const asks = hasNewDeadlines(dispatch.takes) ? row.asks : [];
        return publisher.publish('url.submitted', lane, partitionOf(domain, bucket, PARTITIONS), value, asks);
      }),
    );
    await wire.do('mark take', () => {
      const known = tables.dispatch.get(key)!;
      if (known.takes === dispatch.takes && known.deadlineAt === deadlineAt)
        tables.dispatch.set(key, { ...known, takeOwed: false });
    });
  }
}

function timesFrom(now: number): Pick<DispatchRecord, 'round1At' | 'deadlineAt'> {
  return { round1At: now + SPAN.round1Ms, deadlineAt: now + SPAN.deadlineMs };
}
