import { PARKED_AFTER_MS, type AskRuntime } from '@assay/fetching';
import type { Provider } from '@assay/providers';
import type { Parts } from '../fetcher-parts.js';
import type { ProviderDesk } from '../provider-desk.js';
import { groupOf } from '../group-of.js';
import { buryParked } from './bury-parked.js';
import { ParkedCells } from './parked-cells.js';
import { ParkedTable } from './parked-table.js';
import { Places, spacingMs, unitsAtOnce } from './places.js';
import { UnparkLoop } from './unpark-loop.js';

/** Longer than a stopped process sleeps that is to go on as if nothing had been; renewed at a third of it. */
const LEASE_MS = 15_000;

export interface ParkingUsers {
  readonly runtime: AskRuntime;
  readonly desk: ProviderDesk;
  readonly positions: { assigned(): readonly number[] };
}

export interface ParkingHeld {
  readonly arrivals: number;
  readonly keys: number;
  readonly units: number;
  readonly inWork: number;
  readonly endings: number;
}

/** All that one provider needs for cells that wait: the way into the table, and the way back. */
export interface Parking {
  readonly cells: ParkedCells;
  /** What lies in memory. */
  readonly held: () => ParkingHeld;
  /** Begins to ask for those whose time has come. */
  start(users: ParkingUsers): void;
  /** Partitions or submissions changed: rows may be due that were not. */
  wake(): void;
  /** Takes nothing more. */
  halt(): void;
  /** Once the runtime was stopped: resolves when nothing is in work, and nothing is kept from others. */
  finish(): Promise<void>;
}

export function openParking(provider: Provider, parts: Parts): Parking {
  const { config, database, worker: owner, control, logger } = parts;
  const keyless = (config.keys.get(provider.id) ?? []).length === 0 ? provider.limitsWithoutKey : undefined;
  const spacing = spacingMs(keyless ?? provider.limits, config.limitsFactor, provider.batch.size);
  const places = new Places(spacing, config.parkedPerKey);
  const table = new ParkedTable({ database, provider: provider.id, owner, leaseMs: LEASE_MS });
  const shared = { table, places, logger, now: Date.now };
  const cells = new ParkedCells(shared);
  let loop: UnparkLoop | undefined;
  return {
    cells,
    held: () => ({ arrivals: cells.arrivals, ...places.held, ...(loop?.held ?? { inWork: 0, endings: 0 }) }),
    start: ({ runtime, desk, positions }) => {
      const perKey = unitsAtOnce(spacing, PARKED_AFTER_MS.bulk);
      loop = new UnparkLoop({
        ...shared,
        provider: provider.id,
        asks: desk.asks,
        runtime,
        positions,
        control,
        send: (...cell) => desk.send(...cell),
        bury: (row, error) => {
          const round = desk.asks.get(row.ask)?.round ?? 1;
          const group = groupOf(provider);
          return buryParked(row, error, { publisher: parts.publisher, group, round, now: Date.now() });
        },
        perKey,
        leaseMs: LEASE_MS,
      });
      cells.onParked(() => loop?.parked());
      loop.start();
    },
    wake: () => loop?.wake(),
    halt: () => loop?.halt(),
    finish: () => loop?.finish() ?? Promise.resolve(),
  };
}
