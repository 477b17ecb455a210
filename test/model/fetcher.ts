import { isWait, type AskRequest, type AskRuntime, type CellResult, type Wait } from '@assay/fetching';
import type { Provider } from '@assay/providers';
import { ParkedTable } from '../../apps/fetcher/src/parking/parked-table.js';
import { questionOfParked, type ParkedRow } from '../../apps/fetcher/src/parking/parked-row.js';
import { ProviderDesk } from '../../apps/fetcher/src/provider-desk.js';
import { questionsOfRound2, questionsOfRow } from '../../apps/fetcher/src/questions-of.js';
import type { Postgres } from './database.js';
import type { Surroundings } from './joiner.js';
import { Member, type MemberSettings } from './member.js';
import { Outside, type OutsideFlaws } from './outside.js';
import { publisherOf } from './topics.js';
import { definitionOf, PROVIDERS } from './truth.js';

export interface FetcherFlaws extends OutsideFlaws {
  /** A parked row is deleted before its cell is with the broker. */
  readonly removedFirst: boolean;
}

const LEASE_MS = 3_000;

/** The desk and the parked table of one provider; what asks for it is `Outside`. */
export class Fetcher extends Member {
  #outside!: Outside;

  constructor(
    name: string,
    postgres: Postgres,
    reader: MemberSettings,
    private readonly provider: string,
    private readonly around: Surroundings & { outside(fetcher: Fetcher): Outside },
    private readonly flaws: FetcherFlaws,
  ) {
    super(name, postgres, reader);
    this.start();
  }

  protected override begin(): void {
    this.forget();
    const { topics, lane } = this.reader;
    const { clock, early } = this.around;
    this.#outside = this.around.outside(this);
    const asks = PROVIDERS[this.provider]!.map(definitionOf);
    const owner = `${this.name} ${this.life}`;
    const database = this.postgres.connect(this.wire);
    const table = new ParkedTable({ database, provider: this.provider, owner, leaseMs: LEASE_MS });
    const desk = new ProviderDesk({
      provider: { id: this.provider, asks } as unknown as Provider,
      runtime: { ask: (request: AskRequest) => this.#outside.ask(request) } as unknown as AskRuntime,
      parked: {
        add: (row, wait) => table.insert([{ ...row, notBefore: wait.notBefore }]).then(() => undefined),
      },
      publisher: publisherOf(this.wire, topics, clock, early),
      bulkFlushMs: 0,
      now: clock,
    });
    this.wants = (names) => names.some((name) => desk.asks.has(name));
    this.handle = (message, value, context) =>
      desk.answer(
        message === 'url.submitted'
          ? questionsOfRow(value, desk.asks, lane)
          : questionsOfRound2(value, desk.asks, lane),
        context,
      );
    this.chores = { unpark: () => this.#unpark(table, desk) };
  }

  /** What the unpark loop does at one look. */
  async #unpark(table: ParkedTable, desk: ProviderDesk): Promise<void> {
    const partitions = this.books.partitions();
    if (partitions.length === 0 || !(await table.any(partitions))) return;
    const { paused, cancelled } = this.#outside.control();
    const wish = {
      partitions,
      asks: [...desk.asks.keys()],
      closed: [],
      perKey: 9,
      most: 9,
      paused,
      cancelled,
    };
    await Promise.all((await table.take(wish)).map((row) => this.#answer(row, table, desk)));
  }

  async #answer(row: ParkedRow, table: ParkedTable, desk: ProviderDesk): Promise<void> {
    const question = questionOfParked(row, desk.asks, this.around.clock())!;
    const request = { ...question.request, unparked: true, mayPark: true };
    const result: CellResult | Wait = await this.#outside.ask(request);
    if (isWait(result))
      return table.putBack([{ ...row, limitKey: result.limitKey, notBefore: result.notBefore }]);
    const send = () => desk.send(question, result, row.lane, row.partition);
    if (!this.flaws.removedFirst) await send();
    await table.remove([row]);
    if (this.flaws.removedFirst) await send();
  }
}
