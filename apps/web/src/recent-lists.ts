import type { SubmissionView } from '@assay/contracts';
import { getJson } from './api.js';
import { fill, h } from './dom.js';
import { notifyError } from './notices.js';
import { moment, whole } from './numbers.js';
import type { Page } from './shapes.js';

const PAGE_SIZE = 10;

/** The newest lists, more on demand. */
export function recentLists(): HTMLElement {
  const list = h('ul', { class: 'list' }, h('li', { class: 'muted' }, 'Loading …'));
  const more = h('button', { type: 'button', hidden: true }, 'Show older lists');
  const items: HTMLElement[] = [];
  let next: string | null = null;
  const load = async () => {
    const after: string = next ? `&after=${encodeURIComponent(next)}` : '';
    const page = await getJson<Page<SubmissionView>>(`/v1/submissions?limit=${PAGE_SIZE}${after}`);
    items.push(...page.items.map(item));
    next = page.next;
    more.hidden = next === null;
    fill(list, ...(items.length > 0 ? items : [h('li', { class: 'muted' }, 'Nothing was handed in yet.')]));
  };
  const tryLoad = () =>
    load().catch((error: unknown) => {
      fill(list, h('li', { class: 'muted' }, 'The lists could not be loaded.'));
      notifyError('recent', error);
    });
  more.addEventListener('click', () => void tryLoad());
  void tryLoad();
  return h('section', { class: 'card stack' }, h('h2', {}, 'Recent lists'), list, more);
}

function item(view: SubmissionView): HTMLElement {
  const { id, name, state, counts, rows, createdAt } = view;
  return h(
    'li',
    {},
    h(
      'div',
      { class: 'row spread' },
      h('a', { href: view.links.page }, name ?? `List of ${whole(counts.lines)} lines`),
      h('span', { class: `pill ${state}` }, state),
    ),
    h(
      'span',
      { class: 'muted small num', title: id },
      `${moment(Date.parse(createdAt), Date.now())} · ${whole(rows.final)} of ${whole(rows.total)} rows final`,
    ),
  );
}
