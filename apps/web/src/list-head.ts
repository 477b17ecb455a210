import type { RetryAccepted, SubmissionState, SubmissionView } from '@assay/contracts';
import { post } from './api.js';
import { confirmBox } from './confirm-box.js';
import { fill, h } from './dom.js';
import { controlsOf, type Control } from './list-controls.js';
import { announce, notifyError, unnotify } from './notices.js';
import { duration, moment, whole } from './numbers.js';

const MEANING: Readonly<Record<SubmissionState, string>> = {
  receiving: 'The list is still arriving.',
  running: 'Rows fill as providers answer.',
  paused: 'Nothing new is asked; what was asked still arrives. Deadlines of rows sent out already go on.',
  complete: 'Every row is final.',
  cancelled: 'It was cancelled; what was asked before still counts.',
  truncated: 'The upload was cut off. What arrived is kept and waits.',
};

/** Title, state, controls and downloads of a list. `moved`: a control was taken, so that it may run again. */
export function listHead(moved: () => void): { element: HTMLElement; update(view: SubmissionView): void } {
  const title = h('h1');
  const pill = h('span');
  const about = h('p', { class: 'muted' });
  const controls = h('div', { class: 'row' });
  const doing = h('ul', { class: 'muted small plain' });
  const csv = h('a', { class: 'button', download: true }, 'CSV');
  const ndjson = h('a', { class: 'button', download: true }, 'NDJSON');
  let drawn = '';
  const element = h(
    'section',
    { class: 'card stack' },
    h(
      'div',
      { class: 'row spread' },
      h('div', { class: 'row' }, title, pill),
      h('div', { class: 'row' }, controls, csv, ndjson),
    ),
    about,
    doing,
  );
  return {
    element,
    update: (view) => {
      const name = view.name ?? `List of ${whole(view.counts.lines)} lines`;
      document.title = `${name} · Assay`;
      title.textContent = name;
      pill.className = `pill ${view.state}`;
      pill.textContent = view.state;
      csv.href = view.links.csv;
      ndjson.href = view.links.ndjson;
      fill(about, `${MEANING[view.state]} Handed in ${times(view)} · ${view.lane} lane`);
      const now = controlsOf(view);
      // Drawn anew only where something changed: a button must not vanish under a pointer.
      if (drawn === JSON.stringify(now)) return;
      drawn = JSON.stringify(now);
      fill(controls, ...now.map((control) => button(control, view.links.self, moved)));
      fill(doing, ...now.map(({ text, does }) => h('li', {}, h('b', {}, `${text}: `), does)));
    },
  };
}

function button(control: Control, path: string, moved: () => void): HTMLElement {
  const { verb, text, does } = control;
  const element = h(
    'button',
    { type: 'button', title: does, ...(verb === 'cancel' && { class: 'danger' }) },
    text,
  );
  element.addEventListener('click', () => void press(element, control, path, moved));
  return element;
}

async function press(
  element: HTMLButtonElement,
  { verb, text, confirm }: Control,
  path: string,
  moved: () => void,
): Promise<void> {
  if (confirm !== undefined && !(await confirmBox(confirm, `${text} it`))) return;
  element.disabled = true;
  try {
    const answer = await post(`${path}/${verb}`);
    unnotify('control');
    if (verb === 'retry') announce(retryWords(answer as RetryAccepted));
    moved();
  } catch (error) {
    notifyError('control', error);
  }
  element.disabled = false;
}

function retryWords({ rows, cells }: RetryAccepted): string {
  return `${whole(cells)} cells of ${whole(rows)} rows are asked again.`;
}

function times({ createdAt, completedAt }: SubmissionView): string {
  const created = Date.parse(createdAt);
  const at = moment(created, Date.now());
  return completedAt ? `${at}, done after ${duration((Date.parse(completedAt) - created) / 1000)}` : at;
}
