import type { CellView, Quality, RowView, Spam } from '@assay/contracts';
import { cellWords, lastAttemptWords, type CellWords } from './cell-words.js';
import { h } from './dom.js';
import { bareFigure, figure, percent, readable } from './numbers.js';
import type { MetricInfo } from './shapes.js';

/** What the table knows of an ask. */
export interface AskInfo {
  readonly id: string;
  readonly round: number;
  readonly metrics: readonly MetricInfo[];
}

/** Numbers shown in a cell of the table; the rest stands in the details. */
const HEADLINE = 3;

interface Figure {
  readonly metric: MetricInfo;
  readonly text: string;
  /** For the table: there is room for `%` and `ms`, not for `records`. */
  readonly short: string;
}

const shortFigure = (value: unknown, metric: MetricInfo) =>
  metric.unit.length <= 2 ? figure(value, metric) : bareFigure(value, metric);

/** Numbers of a cell in the order of their definitions. */
export function figuresOf(cell: CellView, ask: AskInfo): Figure[] {
  const numbers = cell.numbers ?? {};
  const known = ask.metrics.filter(({ id }) => id in numbers);
  const unknown = Object.keys(numbers)
    .filter((id) => !ask.metrics.some((metric) => metric.id === id))
    .map((id): MetricInfo => ({ id, type: '', unit: '', meaning: '' }));
  return [...known, ...unknown].map((metric) => ({
    metric,
    text: figure(numbers[metric.id], metric),
    short: shortFigure(numbers[metric.id], metric),
  }));
}

const isText = ({ type }: MetricInfo) => type === 'text' || type === '';

/** The first numbers of a cell, or why there are none. */
export function askCell(row: RowView, ask: AskInfo, now: number): HTMLElement {
  const cell = row.cells[ask.id];
  const words = cellWords(cell, row.state, ask.round, now);
  const last = cell && lastAttemptWords(cell, now);
  if (words || !cell) return h('div', {}, whyLine(words), lastLine(last));
  const figures = figuresOf(cell, ask);
  const more = figures.length - HEADLINE;
  return h(
    'div',
    {},
    figures.length === 0
      ? h('span', { class: 'muted' }, 'measured, no numbers given')
      : h(
          'dl',
          { class: 'figures' },
          ...figures
            .slice(0, HEADLINE)
            .map(({ metric, text, short }) =>
              h(
                'div',
                { title: metric.meaning || text },
                h('dt', {}, readable(metric.id)),
                h('dd', { title: text, ...(isText(metric) && { class: 'text' }) }, short),
              ),
            ),
        ),
    more > 0 && h('span', { class: 'muted small' }, `and ${more} more`),
    lastLine(last),
  );
}

/** The value above it is not what came of the last try. */
function lastLine(last: string | undefined): HTMLElement | undefined {
  if (last === undefined) return undefined;
  return h('p', { class: 'aside', title: last }, 'last try failed, older value');
}

/** `skipped: provider down until 14:03`, with the whole sentence behind it. */
export function whyLine(words: CellWords | undefined): HTMLElement {
  if (!words) return h('span', {});
  const label = words.kind === 'pending' ? null : h('b', {}, `${words.kind}: `);
  return h(
    'span',
    { class: `why ${words.kind}`, title: words.long },
    h('span', { class: `dot ${words.kind}` }),
    h('span', {}, label, words.short),
  );
}

export function qualityCell(quality: Quality | null, state: RowView['state']): HTMLElement {
  if (!quality || quality.score === null) return notMeasured(state, 'Quality');
  const title = `${percent(quality.coverage)} of what the score is made of was measured`;
  return h(
    'div',
    { title },
    h('strong', { class: 'num' }, Math.round(quality.score)),
    h('span', { class: 'muted' }, ' of 100'),
    h('div', { class: 'muted small' }, `${percent(quality.coverage)} measured`),
  );
}

export function spamCell(spam: Spam | null, state: RowView['state']): HTMLElement {
  if (!spam || spam.probability === null) return notMeasured(state, 'Spam');
  const flag =
    spam.flag === null
      ? null
      : h('span', { class: spam.flag ? 'pill spam' : 'pill' }, spam.flag ? 'spam' : 'not spam');
  const [first] = spam.reasons;
  return h(
    'div',
    { title: spam.reasons.join('\n') },
    h('div', { class: 'row' }, h('strong', { class: 'num' }, percent(spam.probability)), flag),
    first !== undefined &&
      h(
        'div',
        { class: 'muted small' },
        first,
        spam.reasons.length > 1 && ` and ${spam.reasons.length - 1} more`,
      ),
  );
}

function notMeasured(state: RowView['state'], what: string): HTMLElement {
  const short = state === 'final' ? 'nothing measured' : 'after first answers';
  const long =
    state === 'final'
      ? `${what}: none of the numbers it is made of was measured.`
      : `${what} is worked out when the first numbers are there.`;
  return whyLine({ kind: 'pending', short, long });
}
