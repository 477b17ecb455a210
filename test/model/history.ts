import {
  type JoinedCell,
  type Metric,
  type MessageName,
  type Plan,
  type Round2Requested,
  type RowJoined,
  type UrlSubmitted,
} from '@assay/contracts';
import { misjudgedOf } from './judgements.js';
import { rangeOf } from './sql/ingest-sql.js';
import { stateOf, type DispatchRecord, type PendingRow, type Tables, type UrlRecord } from './tables.js';

/**
 * Looks at all that is written, as it is written, for what must never be. The names of what is wrong are
 * those of the invariants in README.md.
 */
export class History {
  readonly faults: string[] = [];
  readonly #rows = new Map<string, UrlRecord>();
  readonly #pending = new Map<string, PendingRow>();
  /** Where a group has given up on something, this cannot be told. */
  buried = false;
  readonly #contents = new Map<string, string>();
  /** When a measured cell was written first, by row, ask and gen, with its unit. */
  readonly #measuredAt = new Map<string, { at: number; unit: string }>();
  /** When facts were written first, by row, ask and gen. */
  readonly #foundAt = new Map<string, number>();
  /** Up to which deadline a dispatch went out, by row and `dispatchedAt`. */
  readonly #outUntil = new Map<string, number>();
  readonly #sent = new Set<string>();
  /** Rows of which something was written before their deadline + grace. */
  readonly #inTime = new Set<string>();
  /** Rows that went out as cancelled when they went out first. */
  readonly cancelled = new Set<string>();
  /** Units asked about, by row, ask and gen. */
  readonly units = new Map<string, string>();

  constructor(
    private readonly tables: Tables,
    private readonly clock: () => number,
  ) {}

  appended(message: MessageName, _partition: number, value: never): void {
    if (message === 'row.joined') this.#joined(value);
    else if (message === 'round2.requested') this.#requested(value);
    else if (message === 'url.submitted') this.#dispatched(value);
    else this.#measured(value);
  }

  changed(): void {
    for (const [key, row] of this.tables.urlRow) {
      const before = this.#rows.get(key);
      if (before === row) continue;
      if (before) this.#shown(key, before, row);
      this.#rows.set(key, row);
    }
    for (const [key, dispatch] of this.tables.dispatch) {
      if (dispatch.sentAt === undefined || this.#sent.has(key)) continue;
      this.#sent.add(key);
      this.#marked(key, dispatch);
    }
    for (const [key, row] of this.tables.pendingRow) {
      if (this.#pending.get(key) === row) continue;
      if (!this.#pending.has(key) && !this.#inTime.has(key))
        this.#fault(`what is late begins no row: ${key}`);
      this.#judged(key, this.#pending.get(key), row);
      this.#pending.set(key, row);
      this.#waits(key, row);
    }
  }

  /** What was marked as sent: it went out with the deadlines that it has, row by row. */
  #marked(key: string, { submission, gen, after, count, dispatchedAt, deadlineAt }: DispatchRecord): void {
    for (const { seq } of rangeOf(this.tables, submission, gen, after, count))
      if ((this.#outUntil.get(`${submission}/${seq} ${dispatchedAt}`) ?? 0) < deadlineAt)
        this.#fault(`marked as sent is what went out as it is written: row ${seq} of dispatch ${key}`);
  }

  #judged(key: string, known: PendingRow | undefined, row: PendingRow): void {
    if (this.buried) return;
    const written = { measuredAt: this.#measuredAt, foundAt: this.#foundAt, units: this.units };
    for (const fault of misjudgedOf(key, known && stateOf(known), stateOf(row), written)) this.#fault(fault);
  }

  #fault(what: string): void {
    this.faults.push(`${what} (at ${this.clock()})`);
  }

  /** Of a row that readers see. */
  #shown(key: string, before: UrlRecord, after: UrlRecord): void {
    if (after.version <= before.version) this.#fault(`versions only rise: ${key} ${after.version}`);
    for (const ask in before.cells)
      if (!isKept(before.cells[ask]!, after.cells[ask]))
        this.#fault(
          `no measured number disappears: ${ask} of ${key}: ${JSON.stringify([before.cells[ask], after.cells[ask]])}`,
        );
    if (before.state === 'final' && after.state !== 'final' && after.gen <= before.gen)
      this.#fault(`final stays final: ${key} in gen ${after.gen}`);
  }

  /** Of a row that waits. */
  #waits(key: string, row: PendingRow): void {
    const { final, plan } = stateOf(row);
    if (!final && (row.sweepAt === null || row.sweepAt > plan.deadlineAt))
      this.#fault(`no state without a deadline: ${key} ${row.sweepAt}`);
    if (final && row.sweepAt === null && row.doneAt === null) this.#fault(`what is final is done: ${key}`);
  }

  #joined({ plan, seq, version, state, cells, url }: RowJoined): void {
    const key = `${plan.submission}/${seq}`;
    const content = JSON.stringify([state, url, sorted(plan.asks), sorted(cells)]);
    const known = this.#contents.get(`${key} ${version}`);
    if (known !== undefined && known !== content)
      this.#fault(`one version, one content: ${key} ${version}\n${known}\n${content}`);
    this.#contents.set(`${key} ${version}`, content);
    if (state !== 'final') return;
    for (const ask in plan.asks) {
      const last = cells[ask]?.last ?? cells[ask];
      if (!last || last.gen < plan.asks[ask]!) this.#fault(`final names every ask: ${ask} of ${key}`);
    }
  }

  #requested({ plans, rows }: Round2Requested): void {
    for (const { plan, seq, asks } of rows)
      for (const { ask, gen, unit } of asks) {
        const name = `${plans[plan]!.submission}/${seq} ${ask} ${gen}`;
        if ((this.units.get(name) ?? unit) !== unit)
          this.#fault(`the unit is fixed for a gen: ${name} ${unit}`);
        this.units.set(name, unit);
      }
  }

  #dispatched({ plan, seq }: UrlSubmitted): void {
    const name = `${plan.submission}/${seq} ${plan.dispatchedAt}`;
    if (plan.cancelled && !this.#outUntil.has(name)) this.cancelled.add(`${plan.submission}/${seq}`);
    this.#outUntil.set(name, Math.max(plan.deadlineAt, this.#outUntil.get(name) ?? 0));
    this.#comes(plan, seq);
  }

  #comes({ submission, deadlineAt, graceMs }: Plan, seq: number): void {
    if (this.clock() <= deadlineAt + graceMs) this.#inTime.add(`${submission}/${seq}`);
  }

  #measured({ ask, cells, plans }: Metric): void {
    for (const { plan, seq, gen, unit, answer, outcome, facts } of cells) {
      const name = `${plans[plan]!.submission}/${seq} ${ask} ${gen}`;
      this.#comes(plans[plan]!, seq);
      const measured = outcome === 'ok' || outcome === 'absent';
      if (measured && !this.#measuredAt.has(name)) this.#measuredAt.set(name, { at: this.clock(), unit });
      if (facts && !this.#foundAt.has(name)) this.#foundAt.set(name, this.clock());
      if (answer !== undefined && !this.tables.answer.has(answer))
        this.#fault(`answers before cells: ${ask} of row ${seq}`);
    }
  }
}

/** A value stays, or gives way to one of the same gen or a later one; never to nothing, or to one that is stale. */
function isKept(before: JoinedCell, after: JoinedCell | undefined): boolean {
  const measured = ({ outcome }: JoinedCell) => outcome === 'ok' || outcome === 'absent';
  if (!measured(before)) return true;
  if (!after || !measured(after)) return false;
  return before.stale ? true : !after.stale && after.gen >= before.gen;
}

function sorted(record: Readonly<Record<string, unknown>>): [string, unknown][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}
