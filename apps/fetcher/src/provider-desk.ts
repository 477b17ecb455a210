import type { Lane } from '@assay/contracts';
import { isWait, type AskRuntime, type CellResult } from '@assay/fetching';
import type { MessageContext, Publisher } from '@assay/messaging';
import type { AskDefinition, Provider } from '@assay/providers';
import type { PlannedCell } from './cell-message.js';
import { CellOutbox } from './cell-outbox.js';
import type { ParkedCells } from './parking/parked-cells.js';
import { parkedRow } from './parking/parked-row.js';
import type { CellQuestion } from './questions-of.js';

export interface DeskSettings {
  readonly provider: Provider;
  readonly runtime: AskRuntime;
  readonly parked: Pick<ParkedCells, 'add'>;
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly bulkFlushMs: number;
  readonly now: () => number;
}

/** One provider in this process: asks its runtime, and sends each cell to the partition its row came from. */
export class ProviderDesk {
  readonly asks: ReadonlyMap<string, AskDefinition>;
  readonly #outboxes: ReadonlyMap<string, CellOutbox>;

  constructor(private readonly settings: DeskSettings) {
    const { provider, publisher, bulkFlushMs } = settings;
    this.asks = new Map(provider.asks.map((ask) => [ask.id, ask]));
    this.#outboxes = new Map(
      provider.asks.map((ask) => [ask.id, new CellOutbox(ask, publisher, bulkFlushMs)]),
    );
  }

  /** Resolves when all questions are done with: their cells acknowledged, or committed as parked. */
  async answer(questions: readonly CellQuestion[], context: MessageContext): Promise<void> {
    if (questions.length === 1) return this.#answer(questions[0]!, context);
    await Promise.all(questions.map((question) => this.#answer(question, context)));
  }

  /** Cells of a lane that the broker does not have yet. */
  held(lane: Lane): number {
    return [...this.#outboxes.values()].reduce((sum, outbox) => sum + outbox.held(lane), 0);
  }

  /** Resolves when the broker has the cell. */
  send(question: CellQuestion, result: CellResult, lane: Lane, partition: number): Promise<void> {
    return this.#outboxes.get(question.ask.id)!.send(lane, partition, plannedCell(question, result));
  }

  async #answer(question: CellQuestion, context: MessageContext): Promise<void> {
    const result = await this.#resultOf(question, context);
    if (result) await this.send(question, result, context.lane, context.partition);
  }

  /** Undefined where the cell was parked. */
  async #resultOf(
    question: CellQuestion,
    { held, partition }: MessageContext,
  ): Promise<CellResult | undefined> {
    const { runtime, parked, now } = this.settings;
    const { request, plan } = question;
    const askedAt = now();
    if (plan.cancelled) return { outcome: 'skipped', detail: 'cancelled', at: askedAt };
    if (!request) return { outcome: 'skipped', detail: 'unsupported', at: askedAt };
    const result = await runtime.ask({ ...request, held, mayPark: true });
    if (!isWait(result)) return result;
    return parked.add(parkedRow({ ...question, request }, result, askedAt, partition), result);
  }
}

function plannedCell({ plan, seq, unit, gen }: CellQuestion, result: CellResult): PlannedCell {
  const { message: _, ...attempt } = result;
  return { plan, cell: { seq, unit, gen, ...attempt } };
}
