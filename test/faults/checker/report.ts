/** Everything that can be wrong, by what was looked at. README.md says what each means. */
export type FaultKind =
  | 'submission-open'
  | 'submission-numbers'
  | 'line-missing'
  | 'line-foreign'
  | 'line-wrong'
  | 'row-missing'
  | 'row-not-final'
  | 'row-foreign'
  | 'row-doubled'
  | 'row-wrong'
  | 'outcome-missing'
  | 'outcome-illegal'
  | 'cell-unplanned'
  | 'ask-unknown'
  | 'outcome-wrong'
  | 'value-wrong'
  | 'unit-wrong'
  | 'answer-missing'
  | 'answer-differs'
  | 'count-wrong'
  | 'row-open'
  | 'dispatch-owed'
  | 'retry-owed'
  | 'parked'
  | 'claim-open'
  | 'call-open'
  | 'ledger-short'
  | 'ledger-long'
  | 'share-wrong'
  | 'bought-twice'
  | 'dead-letter'
  | 'lag'
  | 'offset-beyond-end'
  | 'topic-unread'
  | 'message-unread'
  | 'line-not-submitted'
  | 'version-skipped'
  | 'version-foreign'
  | 'version-differs'
  | 'cell-skipped';

export interface Fault {
  readonly kind: FaultKind;
  /** `row 17 moz.url`, `store url.submitted.bulk/3`, … */
  readonly where: string;
  readonly expected: unknown;
  readonly found: unknown;
}

/** What was compared, so that a report without a fault can be told from one that looked at nothing. */
export type Checked = Record<
  | 'lines'
  | 'outcomes'
  | 'values'
  | 'answers'
  | 'messages'
  | 'metricCells'
  | 'groups'
  | 'calls'
  | 'deadLetters',
  number
>;

export interface Report {
  readonly submission: string;
  readonly rows: number;
  readonly cells: number;
  readonly checked: Checked;
  /** At most 100 of a kind; `faultsByKind` has all of them. */
  readonly faults: readonly Fault[];
  readonly faultsByKind: Readonly<Partial<Record<FaultKind, number>>>;
  /** Accepted URLs without a final row, and lines of the input of which nothing is left. */
  readonly lost: number;
  /** Rows beyond the first one of a URL. */
  readonly doubled: number;
}

const MOST_OF_A_KIND = 100;
const LOST: ReadonlySet<FaultKind> = new Set(['line-missing', 'row-missing', 'row-not-final']);

/** Gathers what the parts of the check find. */
export class Findings {
  readonly checked: Checked = {
    ...{ lines: 0, outcomes: 0, values: 0, answers: 0, messages: 0, metricCells: 0 },
    ...{ groups: 0, calls: 0, deadLetters: 0 },
  };
  rows = 0;
  cells = 0;
  readonly #faults: Fault[] = [];
  readonly #byKind: Partial<Record<FaultKind, number>> = {};

  add(kind: FaultKind, where: string, expected: unknown, found: unknown): void {
    const before = this.#byKind[kind] ?? 0;
    this.#byKind[kind] = before + 1;
    if (before < MOST_OF_A_KIND) this.#faults.push({ kind, where, expected, found });
  }

  report(submission: string): Report {
    const of = (kind: FaultKind) => this.#byKind[kind] ?? 0;
    return {
      submission,
      rows: this.rows,
      cells: this.cells,
      checked: this.checked,
      faults: this.#faults,
      faultsByKind: this.#byKind,
      lost: [...LOST].reduce((sum, kind) => sum + of(kind), 0),
      doubled: of('row-doubled'),
    };
  }
}
