import type { CellCounts, SubmissionView } from '@assay/contracts';
import { fill, h } from './dom.js';
import { duration, percent, whole } from './numbers.js';
import { reconciledWords } from './reconciled-words.js';

type Kind = Exclude<keyof CellCounts, 'planned'>;
const KINDS: readonly Kind[] = ['ok', 'absent', 'failed', 'skipped', 'pending'];
const MEANING: Readonly<Record<Kind, string>> = {
  ok: 'measured, zero included',
  absent: 'the provider says it has nothing',
  failed: 'no usable answer',
  skipped: 'not asked, with a reason',
  pending: 'no outcome yet',
};

/** Lines, rows and cells, each with the sum it must come to. */
export function listSummary(): {
  element: HTMLElement;
  update(view: SubmissionView, rowsPerSecond: number): void;
} {
  const element = h('div', { class: 'tiles' });
  return {
    element,
    update: (view, rowsPerSecond) =>
      fill(element, lineTile(view), rowTile(view, rowsPerSecond), cellTile(view)),
  };
}

function lineTile({ counts }: SubmissionView): HTMLElement {
  return tile(
    'Lines',
    `${whole(counts.accepted)} rows`,
    bars([
      ['ok', counts.accepted],
      ['absent', counts.duplicate],
      ['failed', counts.rejected],
    ]),
    equation(`${whole(counts.lines)} lines`, [
      ['ok', `${whole(counts.accepted)} accepted`],
      ['absent', `${whole(counts.duplicate)} duplicate`],
      ['failed', `${whole(counts.rejected)} rejected`],
    ]),
  );
}

function rowTile({ rows, state, reconciled, links }: SubmissionView, rowsPerSecond: number): HTMLElement {
  const left = rows.total - rows.final;
  const pace =
    state === 'running' && left > 0 && rowsPerSecond > 0
      ? `${rowsPerSecond < 10 ? rowsPerSecond.toFixed(1) : whole(rowsPerSecond)} rows/s, about ${duration(left / rowsPerSecond)} left`
      : '';
  return tile(
    'Rows',
    `${whole(rows.final)} of ${whole(rows.total)} final`,
    bars([
      ['final', rows.final],
      ['partial', rows.partial],
      ['waiting', rows.waiting],
    ]),
    h(
      'p',
      { class: 'equation muted' },
      `${whole(rows.partial)} partial, ${whole(rows.waiting)} waiting${pace ? ` · ${pace}` : ''}`,
    ),
    ...reconciledLine(reconciled, `${links.self}/stuck`),
  );
}

/** Nothing in quiet runs. */
function reconciledLine(reconciled: SubmissionView['reconciled'], stuckPath: string): HTMLElement[] {
  const words = reconciledWords(reconciled);
  if (!words) return [];
  const list = reconciled.stuck > 0 ? [' ', h('a', { href: stuckPath }, 'Which, and why')] : [];
  return [h('p', { class: 'equation' }, words, ...list)];
}

function cellTile({ cells }: SubmissionView): HTMLElement {
  const done = cells.planned - cells.pending;
  return tile(
    'Cells',
    cells.planned === 0 ? 'none planned' : `${percent(done / cells.planned)} answered for`,
    bars(KINDS.map((kind) => [kind, cells[kind]])),
    equation(
      `${whole(cells.planned)} cells`,
      KINDS.map((kind) => [kind, `${whole(cells[kind])} ${kind}`, MEANING[kind]]),
    ),
  );
}

function tile(title: string, big: string, ...rest: HTMLElement[]): HTMLElement {
  return h('section', { class: 'card tile' }, h('h2', {}, title), h('p', { class: 'big' }, big), ...rest);
}

/** A bar whose parts are as wide as their share; what is 0 takes no room. */
function bars(parts: readonly (readonly [kind: string, n: number])[]): HTMLElement {
  const total = parts.reduce((sum, [, n]) => sum + n, 0);
  const shown = parts
    .filter(([, n]) => n > 0)
    .map(([kind, n]) => {
      const part = h('i', { class: kind, title: `${whole(n)} ${kind}` });
      part.style.width = `${(n / total) * 100}%`;
      return part;
    });
  return h('div', { class: 'bars', 'aria-hidden': 'true' }, ...shown);
}

function equation(
  sum: string,
  terms: readonly (readonly [kind: string, text: string, title?: string])[],
): HTMLElement {
  const parts = terms.flatMap(([kind, text, title], i) => [
    i === 0 ? ' = ' : ' + ',
    h('span', { class: 'term', ...(title && { title }) }, h('span', { class: `dot ${kind}` }), ` ${text}`),
  ]);
  return h('p', { class: 'equation' }, sum, ...parts);
}
