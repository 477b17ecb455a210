import { OUTCOME_CHOICES, STATE_CHOICES } from './filters.js';
import { fill, h } from './dom.js';
import { notifyError, unnotify } from './notices.js';
import { whole } from './numbers.js';
import { PAGE_SIZE, RowPages, type Filter } from './row-pages.js';
import { RowTable } from './row-table.js';
import type { AskInfo } from './row-cells.js';
import type { RowView, SubmissionView } from '@assay/contracts';

/** A filtered page is read again at most this often while counts move. */
const REFRESH_MS = 2_000;

export interface WatchedRows {
  readonly after: string | undefined;
  readonly limit: number;
}

/** Filters, one page of rows, and the way to the others. */
export class RowPanel {
  private readonly pages: RowPages;
  private readonly table = new RowTable();
  private readonly where = h('span', { class: 'where', role: 'status' });
  private readonly back = h('button', { type: 'button' }, 'Previous');
  private readonly forward = h('button', { type: 'button' }, 'Next');
  private readonly states = h('div', { class: 'choices', role: 'group', 'aria-label': 'Rows by state' });
  private view: SubmissionView | undefined;
  private refreshTimer: number | undefined;
  private failed = false;
  readonly element: HTMLElement;

  /** `watch` is called with the rows to listen to, whenever they change. */
  constructor(
    rowsPath: string,
    private readonly watch: (rows: WatchedRows) => void,
  ) {
    this.pages = new RowPages(rowsPath);
    this.back.addEventListener('click', () => this.turn(() => this.pages.back()));
    this.forward.addEventListener('click', () => this.turn(() => this.pages.forward()));
    this.element = h(
      'section',
      { class: 'card' },
      h('div', { class: 'tools' }, h('h2', {}, 'Rows'), this.states, this.outcomeChoice()),
      this.table.element,
      h('div', { class: 'pager' }, this.where, this.back, this.forward),
    );
    this.drawStates();
  }

  setAsks(asks: readonly AskInfo[]): void {
    this.table.setAsks(asks);
  }

  start(): void {
    this.turn(() => this.pages.first());
  }

  /** Loads again what could not be loaded. */
  retry(): void {
    if (this.failed) this.turn(() => undefined);
  }

  /** The same page again, and from now on listened to. */
  reload(): void {
    this.turn(() => undefined);
  }

  /** New counts: button texts change, and a filtered page may hold other rows now. */
  setView(view: SubmissionView): void {
    const moved = this.view !== undefined && JSON.stringify(this.view.cells) !== JSON.stringify(view.cells);
    this.view = view;
    this.drawStates();
    this.drawWhere(undefined);
    if (!moved || !this.pages.isFiltered || this.refreshTimer !== undefined) return;
    this.refreshTimer = setTimeout(() => {
      this.refreshTimer = undefined;
      void this.load();
    }, REFRESH_MS);
  }

  update(rows: readonly RowView[]): void {
    if (!this.pages.isFiltered) this.table.update(rows);
  }

  private turn(move: () => void): void {
    move();
    const { isFiltered, cursor } = this.pages;
    void this.load().then(() => this.watch({ after: cursor, limit: isFiltered ? 0 : PAGE_SIZE }));
  }

  private async load(): Promise<void> {
    this.where.textContent = 'Looking …';
    try {
      const rows = await this.pages.load();
      this.table.show(rows, this.pages.isFiltered ? 'No row fits this filter.' : 'This list has no rows.');
      this.drawWhere(rows.length);
      this.failed = false;
      unnotify('rows');
    } catch (error) {
      if (error instanceof Error && error.name === 'AbortError') return;
      this.failed = true;
      this.where.textContent = 'These rows could not be loaded.';
      notifyError('rows', error);
    }
    this.back.disabled = this.pages.number === 1;
    this.forward.disabled = !this.pages.hasNext;
  }

  private shown = 0;
  private drawWhere(shown: number | undefined): void {
    this.shown = shown ?? this.shown;
    const before = (this.pages.number - 1) * PAGE_SIZE;
    const total = this.view?.rows.total;
    if (this.shown === 0) this.where.textContent = '';
    else if (this.pages.isFiltered) this.where.textContent = `Page ${this.pages.number}, ${this.shown} rows`;
    else
      this.where.textContent = `Rows ${whole(before + 1)} to ${whole(before + this.shown)}${total === undefined ? '' : ` of ${whole(total)}`}`;
  }

  private setFilter(filter: Partial<Filter>): void {
    this.pages.filter = { ...this.pages.filter, ...filter };
    this.drawStates();
    this.start();
  }

  private drawStates(): void {
    const focused =
      document.activeElement instanceof HTMLElement && this.states.contains(document.activeElement);
    const rows = this.view?.rows;
    const buttons = STATE_CHOICES.map(([state, text]) =>
      h(
        'button',
        {
          type: 'button',
          'aria-pressed': String(this.pages.filter.state === state),
          on: { click: () => this.setFilter({ state }) },
        },
        rows ? `${text} ${whole(rows[state === '' ? 'total' : state])}` : text,
      ),
    );
    const at = focused ? [...this.states.children].indexOf(document.activeElement as Element) : -1;
    fill(this.states, ...buttons);
    buttons[at]?.focus();
  }

  private outcomeChoice(): HTMLElement {
    const select = h('select', {}, ...OUTCOME_CHOICES.map(([value, text]) => h('option', { value }, text)));
    select.addEventListener('change', () => this.setFilter({ outcome: select.value as Filter['outcome'] }));
    return h('label', {}, 'with a cell that is', select);
  }
}
