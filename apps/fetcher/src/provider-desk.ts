import type { AskRuntime, CellResult } from '@assay/fetching';
import type { MessageContext, Publisher } from '@assay/messaging';
import type { AskDefinition, Provider } from '@assay/providers';
import type { PlannedCell } from './cell-message.js';
import { CellOutbox } from './cell-outbox.js';
import type { CellQuestion } from './questions-of.js';

export interface DeskSettings {
  readonly provider: Provider;
  readonly runtime: AskRuntime;
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

  /** Resolves when the cells of all questions are acknowledged. */
  async answer(questions: readonly CellQuestion[], context: MessageContext): Promise<void> {
    if (questions.length === 1) return this.#answer(questions[0]!, context);
    await Promise.all(questions.map((question) => this.#answer(question, context)));
  }

  stop(): Promise<void> {
    return this.settings.runtime.stop();
  }

  async #answer(question: CellQuestion, { lane, partition, park }: MessageContext): Promise<void> {
    const { request } = question;
    const result: CellResult = request
      ? await this.settings.runtime.ask({ ...request, park })
      : { outcome: 'skipped', detail: 'unsupported', at: this.settings.now() };
    await this.#outboxes.get(question.ask.id)!.send(lane, partition, plannedCell(question, result));
  }
}

function plannedCell({ plan, seq, unit, gen }: CellQuestion, result: CellResult): PlannedCell {
  const { message: _, ...attempt } = result;
  return { plan, cell: { seq, unit, gen, ...attempt } };
}
