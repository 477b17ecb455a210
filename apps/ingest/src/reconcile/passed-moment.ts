import type { Lane, MessageName } from '@assay/contracts';
import type { GroupPositions, TopicEnds } from '@assay/messaging';

const JOINER_READS: readonly MessageName[] = ['url.submitted', 'metric.round1', 'metric.round2'];
const STORE_READS: readonly MessageName[] = ['row.joined'];

/** Where the waiting is. `swept`: the joiner has read everything and its sweep gets the time of one look. */
type Stage =
  | { readonly at: number; readonly wait: 'joiner' | 'store'; readonly ends: TopicEnds }
  | { readonly at: number; readonly wait: 'sweep' | 'nobody' };

export interface Waiting {
  readonly group: 'joiner' | 'store';
  readonly partitions: number;
}

/**
 * A moment of one lane up to which joiner and store have handled everything: the ends of what the joiner reads
 * are sampled once; when its commits have reached them, those of what it wrote; then the store's are waited for.
 * What lies unread is thus never taken for lost, however far a reader has fallen behind.
 */
export class PassedMoment {
  #stage: Stage | undefined;
  waiting: Waiting | undefined;

  constructor(
    private readonly lane: Lane,
    private readonly positions: Pick<GroupPositions, 'ends' | 'behind'>,
  ) {}

  /**
   * One look, to be repeated. `now`: the database's clock, read before.
   * @returns the moment that is passed, which stays so until `forget`
   */
  async look(now: number): Promise<number | undefined> {
    this.#stage ??= { at: now, wait: 'joiner', ends: await this.positions.ends(JOINER_READS, this.lane) };
    if (this.#stage.wait === 'sweep') {
      const ends = await this.positions.ends(STORE_READS, this.lane);
      this.#stage = { at: this.#stage.at, wait: 'store', ends };
    }
    if ('ends' in this.#stage) this.#stage = await this.#waitFor(this.#stage);
    return this.#stage.wait === 'nobody' ? this.#stage.at : undefined;
  }

  /** Everything due at that moment is decided: what comes due later needs a later one. */
  forget(): void {
    this.#stage = undefined;
  }

  async #waitFor(stage: Extract<Stage, { ends: TopicEnds }>): Promise<Stage> {
    const partitions = await this.positions.behind(stage.wait, stage.ends);
    this.waiting = partitions > 0 ? { group: stage.wait, partitions } : undefined;
    if (partitions > 0) return stage;
    return { at: stage.at, wait: stage.wait === 'joiner' ? 'sweep' : 'nobody' };
  }
}
