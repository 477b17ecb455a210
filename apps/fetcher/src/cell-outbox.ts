import { LANES, type Lane } from '@assay/contracts';
import { chunkByBytes, createGroupFlush, type GroupFlush, type Publisher } from '@assay/messaging';
import type { AskDefinition } from '@assay/providers';
import { cellMessage, mostBytes, type PlannedCell } from './cell-message.js';

const MOST_CELLS = 100;

type Flushes = Readonly<Record<Lane, (GroupFlush<PlannedCell> | undefined)[]>>;

/** Cells on their way out: those of one ask, lane and partition that wait together share a message. */
export class CellOutbox {
  readonly #flushes: Flushes = { express: [], bulk: [] };

  constructor(
    private readonly ask: AskDefinition,
    private readonly publisher: Pick<Publisher, 'publish'>,
    private readonly bulkFlushMs: number,
  ) {}

  /** Resolves when the broker has the cell. */
  send(lane: Lane, partition: number, planned: PlannedCell): Promise<void> {
    const flushes = this.#flushes[lane];
    return (flushes[partition] ??= this.#open(lane, partition)).add(planned);
  }

  /** Cells that wait for their message. */
  get size(): number {
    return LANES.reduce(
      (sum, lane) => this.#flushes[lane].reduce((n, flush) => n + (flush?.size ?? 0), sum),
      0,
    );
  }

  /** Cells that wait for their message or for its acknowledgement. */
  held(lane: Lane): number {
    return this.#flushes[lane].reduce((sum, flush) => sum + (flush?.held ?? 0), 0);
  }

  #open(lane: Lane, partition: number): GroupFlush<PlannedCell> {
    const message = this.ask.round === 1 ? 'metric.round1' : 'metric.round2';
    return createGroupFlush<PlannedCell>({
      maxItems: MOST_CELLS,
      maxWaitMs: lane === 'bulk' ? this.bulkFlushMs : 0,
      flush: async (cells) => {
        const chunks = chunkByBytes(cells, MOST_CELLS, undefined, mostBytes);
        await Promise.all(
          chunks.map((chunk) =>
            this.publisher.publish(message, lane, partition, cellMessage(this.ask.id, chunk), [this.ask.id]),
          ),
        );
      },
    });
  }
}
