import type { AskCounts, SubmissionView } from '@assay/contracts';
import { reasonWords } from './cell-words.js';
import { fill, h } from './dom.js';
import { whole } from './numbers.js';

const COLUMNS = ['ok', 'absent', 'failed', 'skipped', 'pending'] as const;

/** Cells by ask, with why some have no number. */
export function askTable(): { element: HTMLElement; update(view: SubmissionView): void } {
  const body = h('tbody');
  const heads = ['Ask', 'Round', ...COLUMNS, 'Why cells are empty'];
  const table = h(
    'table',
    { class: 'asks' },
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        ...heads.map((text, i) => h('th', { scope: 'col', ...(i > 0 && i < 7 && { class: 'right' }) }, text)),
      ),
    ),
    body,
  );
  const element = h(
    'details',
    { class: 'card' },
    h('summary', {}, 'Cells by ask, and why some are empty'),
    h('div', { class: 'scroll cards asks-scroll' }, table),
  );
  return { element, update: (view) => fill(body, ...view.asks.map(askRow)) };
}

function askRow(counts: AskCounts): HTMLElement {
  const reasons = Object.entries(counts.reasons)
    .filter(([, n]) => n > 0)
    .sort(([, a], [, b]) => b - a);
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, counts.ask),
    h('td', { class: 'right', 'data-label': 'Round' }, counts.round),
    ...COLUMNS.map((kind) => h('td', { class: 'right', 'data-label': kind }, whole(counts[kind]))),
    h(
      'td',
      { 'data-label': 'Why empty' },
      reasons.length === 0
        ? h(
            'span',
            { class: 'muted' },
            counts.failed + counts.skipped === 0 ? 'nothing failed or was skipped' : '',
          )
        : h('div', { class: 'chips' }, ...reasons.map(([reason, n]) => reasonChip(reason, n))),
    ),
  );
}

function reasonChip(reason: string, n: number): HTMLElement {
  const kind = reason.startsWith('failed') ? 'failed' : 'skipped';
  return h(
    'span',
    { title: reason },
    h('span', { class: `dot ${kind}` }),
    ` ${whole(n)} × ${reasonWords(reason)}`,
  );
}
