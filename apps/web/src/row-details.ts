import type { CellView, RowView } from '@assay/contracts';
import { cellWords, lastAttemptWords } from './cell-words.js';
import { h } from './dom.js';
import { moment, percent, readable } from './numbers.js';
import { figuresOf, whyLine, type AskInfo } from './row-cells.js';

/** Everything known about one row. */
export function rowDetails(row: RowView, asks: readonly AskInfo[], now: number): HTMLElement {
  return h('div', { class: 'details' }, indicators(row), ...asks.map((ask) => askSection(row, ask, now)));
}

function indicators({ spam, quality, version, seq }: RowView): HTMLElement {
  return h(
    'section',
    {},
    h('h3', {}, 'Indicators'),
    h(
      'dl',
      {},
      entry(
        'quality',
        quality?.score === null || !quality ? 'not measured' : `${Math.round(quality.score)} of 100`,
      ),
      quality && entry('of its parts measured', percent(quality.coverage)),
      entry('spam', spam?.probability === null || !spam ? 'not measured' : percent(spam.probability)),
      spam && entry('model', spam.model),
      entry('line', String(seq)),
      entry('version of the row', version === 0 ? 'none yet' : String(version)),
    ),
    spam &&
      spam.reasons.length > 0 &&
      h('ul', { class: 'small' }, ...spam.reasons.map((reason) => h('li', {}, reason))),
  );
}

function askSection(row: RowView, ask: AskInfo, now: number): HTMLElement {
  const cell = row.cells[ask.id];
  const words = cellWords(cell, row.state, ask.round, now);
  const last = cell && lastAttemptWords(cell, now);
  return h(
    'section',
    {},
    h(
      'div',
      { class: 'row spread' },
      h('h3', {}, ask.id),
      cell && h('span', { class: 'muted small' }, when(cell, now)),
    ),
    words && whyLine(words),
    words && h('p', { class: 'muted small' }, words.long),
    last !== undefined && h('p', { class: 'aside' }, last),
    cell?.outcome === 'ok' &&
      h(
        'dl',
        {},
        ...figuresOf(cell, ask).map(({ metric, text }) => entry(readable(metric.id), text, metric.meaning)),
      ),
  );
}

function when(cell: CellView, now: number): string {
  const verb = cell.outcome === 'ok' || cell.outcome === 'absent' ? 'answered' : 'given up';
  return `${verb} ${moment(cell.at, now)}`;
}

function entry(term: string, value: string, title = ''): HTMLElement {
  return h('div', title ? { title } : {}, h('dt', {}, term), h('dd', {}, value));
}
