import type { JoinedCell, RowState } from '@assay/contracts';

/** Where one number of `submission_count` stands. `ask` is empty for the states of rows. */
export interface CountKey {
  readonly submission: string;
  readonly partition: number;
  readonly ask: string;
  readonly outcome: string;
  /** Class of failed, reason of skipped; of a row that was retried its gen; else empty. */
  readonly detail: string;
}

interface Counted {
  readonly state: RowState;
  readonly gen: number;
  readonly cells: Readonly<Record<string, JoinedCell>>;
}

/**
 * Sums up differences old → new of many rows: what a row was counted under goes down, what it is now
 * goes up. A cell counts once, under its value where it has one.
 */
export class CountChanges {
  readonly #changes = new Map<string, CountKey & { n: number }>();

  move(submission: string, partition: number, before: Counted, after: Counted): void {
    const add = (ask: string, outcome: string, detail: string, by: number) =>
      this.#add({ submission, partition, ask, outcome, detail }, by);
    if (before.state !== after.state || before.gen !== after.gen) {
      add('', before.state, genDetail(before), -1);
      add('', after.state, genDetail(after), 1);
    }
    for (const ask in after.cells)
      if (!sameOutcome(before.cells[ask], after.cells[ask])) {
        const { outcome, detail = '' } = after.cells[ask]!;
        add(ask, outcome, detail, 1);
      }
    for (const ask in before.cells)
      if (!sameOutcome(before.cells[ask], after.cells[ask])) {
        const { outcome, detail = '' } = before.cells[ask]!;
        add(ask, outcome, detail, -1);
      }
  }

  /** What is to be added, in the one order in which all statements take these rows. */
  sorted(): (CountKey & { n: number })[] {
    return [...this.#changes]
      .filter(([, { n }]) => n !== 0)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, change]) => change);
  }

  #add(key: CountKey, by: number): void {
    const { submission, partition, ask, outcome, detail } = key;
    const text = `${submission} ${String(partition).padStart(5)} ${ask} ${outcome} ${detail}`;
    const known = this.#changes.get(text);
    if (known) known.n += by;
    else this.#changes.set(text, { ...key, n: by });
  }
}

/** How many rows of a retry have arrived here, and how many are final again, is read from these. */
function genDetail({ gen }: Counted): string {
  return gen === 0 ? '' : String(gen);
}

function sameOutcome(a: JoinedCell | undefined, b: JoinedCell | undefined): boolean {
  return a?.outcome === b?.outcome && a?.detail === b?.detail;
}
