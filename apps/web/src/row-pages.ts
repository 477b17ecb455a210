import type { Outcome, RowState, RowView } from '@assay/contracts';
import { getJson } from './api.js';
import type { Page } from './shapes.js';

export const PAGE_SIZE = 50;
/** Requests for one page of rare rows, each of which looks for a second at most. */
const MOST_LOOKS = 30;

export interface Filter {
  readonly state: RowState | '';
  readonly outcome: Outcome | '';
}

/** Which page of which rows is shown: a list of cursors, so that going back needs no counting. */
export class RowPages {
  filter: Filter = { state: '', outcome: '' };
  private cursors: (string | undefined)[] = [undefined];
  private next: string | null = null;
  private inFlight: AbortController | undefined;

  constructor(private readonly rowsPath: string) {}

  get number(): number {
    return this.cursors.length;
  }
  /** Cursor of this page; undefined for the first. */
  get cursor(): string | undefined {
    return this.cursors.at(-1);
  }
  get hasNext(): boolean {
    return this.next !== null;
  }
  get isFiltered(): boolean {
    return this.filter.state !== '' || this.filter.outcome !== '';
  }

  first(): void {
    this.cursors = [undefined];
  }
  forward(): void {
    if (this.next !== null) this.cursors.push(this.next);
  }
  back(): void {
    if (this.cursors.length > 1) this.cursors.pop();
  }

  /** The rows of this page. A newer call ends an older one. @throws ApiError, AbortError */
  async load(): Promise<RowView[]> {
    this.inFlight?.abort();
    const control = (this.inFlight = new AbortController());
    const rows: RowView[] = [];
    let after = this.cursor ?? null;
    for (let looks = 0; looks < MOST_LOOKS; looks++) {
      const page = await getJson<Page<RowView>>(this.path(after, PAGE_SIZE - rows.length), control.signal);
      rows.push(...page.items);
      after = page.next;
      if (rows.length >= PAGE_SIZE || after === null) break;
    }
    this.next = after;
    return rows;
  }

  private path(after: string | null, limit: number): string {
    const query = new URLSearchParams({ limit: String(limit) });
    if (after) query.set('after', after);
    if (this.filter.state) query.set('state', this.filter.state);
    if (this.filter.outcome) query.set('outcome', this.filter.outcome);
    return `${this.rowsPath}?${query}`;
  }
}
