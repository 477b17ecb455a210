import type { Lane } from '@assay/contracts';
import { isDataFault } from '@assay/database';
import type { CellResult, Wait } from '@assay/fetching';
import { createGroupFlush, Unstorable, type GroupFlush } from '@assay/messaging';
import type { Logger } from '@assay/telemetry';
import { tooLong, type ParkedRow } from './parked-row.js';
import type { ParkedTable } from './parked-table.js';
import type { Places } from './places.js';

export interface ParkedCellsSettings {
  readonly table: ParkedTable;
  readonly places: Places;
  readonly logger: Logger;
  readonly now: () => number;
}

interface Arrival {
  readonly row: ParkedRow;
  readonly wait: Wait;
  refused?: CellResult;
}

const MOST_PER_FLUSH = 500;

/** Cells of one provider on their way into table `parked`, each to its place behind those of its limit key. */
export class ParkedCells {
  readonly #flush: GroupFlush<Arrival>;
  readonly #stale = new Set<string>();
  #refreshing = false;
  #onParked: () => void = () => undefined;

  constructor(private readonly settings: ParkedCellsSettings) {
    this.#flush = createGroupFlush<Arrival>({
      maxItems: MOST_PER_FLUSH,
      flush: (arrivals) => this.#park(arrivals),
    });
  }

  /** Rows on their way into the table. */
  get arrivals(): number {
    return this.#flush.held;
  }

  /** Called after rows were parked. */
  onParked(callback: () => void): void {
    this.#onParked = callback;
  }

  /** Resolves once the row is committed; or with what is answered instead, where it would come too late. */
  async add(row: ParkedRow, wait: Wait): Promise<CellResult | undefined> {
    const arrival: Arrival = { row, wait };
    await this.#flush.add(arrival);
    return arrival.refused;
  }

  /** When the last row parked at a key starts; looked up again behind the caller's back where that is old. */
  readonly expectedStart = (limitKey: string, lane: Lane): number => {
    const { places, now } = this.settings;
    const at = places.expectedStart(limitKey, lane);
    if (at > now() && places.stale(limitKey, now())) this.#refresh(limitKey);
    return at;
  };

  async #park(arrivals: readonly Arrival[]): Promise<void> {
    const { table, now } = this.settings;
    const keyed = arrivals.flatMap(({ row }) => (row.limitKey === '' ? [] : [row.limitKey]));
    await this.#learn(keyed);
    const at = now();
    const rows = arrivals.flatMap((arrival) => this.#place(arrival, at) ?? []);
    if (rows.length === 0) return;
    await table.insert(rows).catch((error: unknown) => {
      throw isDataFault(error) ? new Unstorable(error) : error;
    });
    this.#onParked();
  }

  #place(arrival: Arrival, at: number): ParkedRow | undefined {
    const { row, wait } = arrival;
    // A pause ends by itself with the row, and has no line.
    if (row.limitKey === '') return row;
    const step = wait.stepMs === undefined ? {} : { stepMs: wait.stepMs };
    const placed = this.settings.places.place({ ...row, ...step }, at);
    if ('notBefore' in placed) return { ...row, notBefore: placed.notBefore };
    arrival.refused = tooLong(wait, placed.until, at);
    return undefined;
  }

  async #learn(limitKeys: readonly string[]): Promise<void> {
    const { table, places, now } = this.settings;
    const unknown = places.unknown(limitKeys, now());
    if (unknown.length === 0) return;
    const tails = await table.tails(unknown);
    for (const name of unknown)
      places.load(name, tails.get(name) ?? { count: 0, express: 0, bulk: 0 }, now());
  }

  #refresh(limitKey: string): void {
    this.#stale.add(limitKey);
    if (this.#refreshing) return;
    this.#refreshing = true;
    setImmediate(() => {
      const names = [...this.#stale];
      this.#stale.clear();
      this.#learn(names)
        .catch((error: unknown) => this.settings.logger.warn({ err: error }, 'parked rows were not counted'))
        .finally(() => (this.#refreshing = false));
    });
  }
}
