import { getJson } from './api.js';
import { fill, h } from './dom.js';
import { notifyError } from './notices.js';
import { whole } from './numbers.js';
import type { Page, RejectedLine } from './shapes.js';

const PAGE_SIZE = 100;

/** Rejected lines with number, text and reason; loaded when opened. */
export function rejectedPanel(path: string): { element: HTMLElement; update(count: number): void } {
  const summary = h('summary');
  const body = h('tbody');
  const more = h('button', { type: 'button', hidden: true }, 'Show more');
  const lines: HTMLElement[] = [];
  let next: string | null = null;
  let loaded = false;
  const load = async () => {
    loaded = true;
    const after: string = next ? `&after=${encodeURIComponent(next)}` : '';
    const page = await getJson<Page<RejectedLine>>(`${path}?limit=${PAGE_SIZE}${after}`);
    lines.push(...page.items.map(lineRow));
    next = page.next;
    more.hidden = next === null;
    fill(body, ...lines);
  };
  const tryLoad = () =>
    load().catch((error: unknown) => {
      loaded = lines.length > 0;
      notifyError('rejected', error);
    });
  const heads = ['Line', 'Text', 'Reason'].map((text) => h('th', { scope: 'col' }, text));
  const element = h(
    'details',
    { class: 'card', hidden: true, on: { toggle: () => !loaded && element.open && void tryLoad() } },
    summary,
    h('div', { class: 'scroll cards' }, h('table', {}, h('thead', {}, h('tr', {}, ...heads)), body)),
    more,
  );
  more.addEventListener('click', () => void tryLoad());
  return {
    element,
    update: (count) => {
      element.hidden = count === 0;
      summary.textContent = `${whole(count)} rejected ${count === 1 ? 'line' : 'lines'}, with reasons`;
    },
  };
}

function lineRow({ seq, line, reason }: RejectedLine): HTMLElement {
  return h(
    'tr',
    {},
    h('td', { class: 'num', 'data-label': 'Line' }, whole(seq)),
    h('td', { class: 'line-text', 'data-label': 'Text' }, line),
    h('td', { 'data-label': 'Reason' }, reason),
  );
}
