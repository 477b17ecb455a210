import type { SubmissionState, SubmissionView } from '@assay/contracts';
import { post } from './api.js';
import { fill, h } from './dom.js';
import { notifyError, unnotify } from './notices.js';
import { duration, moment, whole } from './numbers.js';

interface Control {
  readonly verb: 'start' | 'pause' | 'resume';
  readonly text: string;
}

const CONTROLS: Partial<Record<SubmissionState, Control>> = {
  running: { verb: 'pause', text: 'Pause' },
  paused: { verb: 'resume', text: 'Resume' },
  truncated: { verb: 'start', text: 'Start with what arrived' },
};

const MEANING: Readonly<Record<SubmissionState, string>> = {
  receiving: 'The list is still arriving.',
  running: 'Rows fill as providers answer.',
  paused: 'Nothing new is asked; what was asked still arrives.',
  complete: 'Every row is final.',
  cancelled: 'It was cancelled; what was asked before still counts.',
  truncated: 'The upload was cut off. What arrived is kept and waits.',
};

/** Title, state, controls and downloads of a list. */
export function listHead(): { element: HTMLElement; update(view: SubmissionView): void } {
  const title = h('h1');
  const pill = h('span');
  const about = h('p', { class: 'muted' });
  const control = h('button', { type: 'button', hidden: true });
  const csv = h('a', { class: 'button', download: true }, 'CSV');
  const ndjson = h('a', { class: 'button', download: true }, 'NDJSON');
  let current: { view: SubmissionView; control: Control | undefined } | undefined;
  control.addEventListener('click', () => current && void press(control, current));
  const element = h(
    'section',
    { class: 'card stack' },
    h(
      'div',
      { class: 'row spread' },
      h('div', { class: 'row' }, title, pill),
      h('div', { class: 'row' }, control, csv, ndjson),
    ),
    about,
  );
  return {
    element,
    update: (view) => {
      current = { view, control: CONTROLS[view.state] };
      const name = view.name ?? `List of ${whole(view.counts.lines)} lines`;
      document.title = `${name} · Assay`;
      title.textContent = name;
      pill.className = `pill ${view.state}`;
      pill.textContent = view.state;
      control.hidden = current.control === undefined;
      control.textContent = current.control?.text ?? '';
      csv.href = view.links.csv;
      ndjson.href = view.links.ndjson;
      fill(about, `${MEANING[view.state]} Handed in ${times(view)} · ${view.lane} lane`);
    },
  };
}

async function press(
  button: HTMLButtonElement,
  { view, control }: { view: SubmissionView; control: Control | undefined },
) {
  if (!control) return;
  button.disabled = true;
  await post(`${view.links.self}/${control.verb}`).then(
    () => unnotify('control'),
    (error: unknown) => notifyError('control', error),
  );
  button.disabled = false;
}

function times({ createdAt, completedAt }: SubmissionView): string {
  const created = Date.parse(createdAt);
  const at = moment(created, Date.now());
  return completedAt ? `${at}, done after ${duration((Date.parse(completedAt) - created) / 1000)}` : at;
}
