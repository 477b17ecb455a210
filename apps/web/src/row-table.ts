import type { RowView } from '@assay/contracts';
import { fill, h, type Child } from './dom.js';
import { whole } from './numbers.js';
import { askCell, qualityCell, spamCell, type AskInfo } from './row-cells.js';
import { rowDetails } from './row-details.js';

interface ShownRow {
  view: RowView;
  readonly line: HTMLTableRowElement;
  readonly unfold: HTMLButtonElement;
  details: HTMLTableRowElement | undefined;
}

/** One page of rows. Rows are changed in place, so that an open row stays open while numbers arrive. */
export class RowTable {
  private readonly body = h('tbody');
  private readonly head = h('tr');
  private readonly shown = new Map<number, ShownRow>();
  private asks: readonly AskInfo[] = [];
  readonly element = h(
    'div',
    { class: 'scroll cards', tabindex: '0', role: 'region', 'aria-label': 'Rows' },
    h('table', { class: 'rows' }, h('thead', {}, this.head), this.body),
  );

  setAsks(asks: readonly AskInfo[]): void {
    if (asks.map(({ id }) => id).join() === this.asks.map(({ id }) => id).join()) return;
    this.asks = asks;
    fill(
      this.head,
      h('th', { scope: 'col', class: 'seq' }, 'Line'),
      h('th', { scope: 'col', class: 'url' }, 'URL'),
      ...['State', 'Quality', 'Spam'].map((text) => h('th', { scope: 'col' }, text)),
      ...asks.map(({ id, round }) =>
        h('th', { scope: 'col' }, id, h('span', { class: 'small' }, `round ${round}`)),
      ),
    );
  }

  /** A new page in place of the old one. */
  show(rows: readonly RowView[], whenEmpty: string): void {
    this.shown.clear();
    for (const view of rows) this.shown.set(view.seq, this.create(view));
    const lines = [...this.shown.values()].map(({ line }) => line);
    const nothing = h(
      'tr',
      {},
      h('td', { class: 'empty', colspan: String(5 + this.asks.length) }, whenEmpty),
    );
    fill(this.body, ...(lines.length > 0 ? lines : [nothing]));
  }

  /** Newer versions of rows on this page; others are left alone. */
  update(rows: readonly RowView[]): void {
    for (const view of rows) {
      const row = this.shown.get(view.seq);
      if (!row || row.view.version >= view.version) continue;
      row.view = view;
      this.draw(row);
      row.line.classList.remove('new');
      void row.line.offsetWidth;
      row.line.classList.add('new');
    }
  }

  private create(view: RowView): ShownRow {
    const unfold = h('button', { type: 'button', class: 'unfold', 'aria-expanded': 'false' }, '▸');
    unfold.setAttribute('aria-label', `Everything about ${view.url}`);
    const row: ShownRow = { view, line: h('tr'), unfold, details: undefined };
    unfold.addEventListener('click', () => this.toggle(row));
    this.draw(row);
    return row;
  }

  private draw(row: ShownRow): void {
    const { view, line, unfold } = row;
    const now = Date.now();
    const focused = document.activeElement === unfold;
    fill(
      line,
      h('td', { class: 'seq' }, whole(view.seq)),
      h(
        'th',
        { scope: 'row', class: 'url' },
        h('div', { class: 'address' }, unfold, h('span', {}, ...breakable(view.url))),
      ),
      labelled('State', h('span', { class: `pill ${view.state}` }, view.state), 'slim'),
      labelled('Quality', qualityCell(view.quality, view.state), 'slim'),
      labelled('Spam', spamCell(view.spam, view.state)),
      ...this.asks.map((ask) => labelled(ask.id, askCell(view, ask, now))),
    );
    if (focused) unfold.focus();
    if (row.details) fill(row.details, this.detailsCell(view));
  }

  private toggle(row: ShownRow): void {
    if (row.details) row.details.remove();
    row.details = row.details ? undefined : h('tr', { class: 'more' }, this.detailsCell(row.view));
    if (row.details) row.line.after(row.details);
    row.unfold.textContent = row.details ? '▾' : '▸';
    row.unfold.setAttribute('aria-expanded', String(row.details !== undefined));
  }

  private detailsCell(view: RowView): HTMLElement {
    return h('td', { colspan: String(5 + this.asks.length) }, rowDetails(view, this.asks, Date.now()));
  }
}

function labelled(label: string, content: HTMLElement, className?: string): HTMLElement {
  return h('td', { 'data-label': label, class: className }, content);
}

/** A URL that may break behind its separators, and is copied as it is. */
function breakable(url: string): Child[] {
  return url.split(/(?<=[/?&=_-])/).flatMap((part) => [part, h('wbr')]);
}
