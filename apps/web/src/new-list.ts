import type { SubmissionAccepted } from '@assay/contracts';
import { send } from './api.js';
import { fill, h } from './dom.js';
import { chosenOptions, optionFields } from './list-options.js';
import { bytes, percent, whole } from './numbers.js';
import type { ProviderInfo } from './shapes.js';

const EXAMPLE =
  'https://example.com/\nhttps://www.iana.org/help/example-domains\nhttps://nodejs.org/en/about';
/** Above it lines are not counted while typing. */
const COUNT_UP_TO = 2_000_000;

/** The form that takes a list, pasted or as a file. `taken` is called with the id. */
export function newList(providers: readonly ProviderInfo[], taken: (id: string) => void): HTMLElement {
  let file: File | undefined;
  const text = h('textarea', {
    id: 'urls',
    spellcheck: 'false',
    autocomplete: 'off',
    placeholder: EXAMPLE,
    'aria-describedby': 'urls-hint',
  });
  const hint = h('p', { id: 'urls-hint', class: 'muted small' });
  const picker = h('input', { type: 'file', id: 'file', accept: '.txt,.csv,.json,text/plain,text/csv' });
  const fault = h('p', { class: 'fault', role: 'alert' });
  const submit = h('button', { type: 'submit', class: 'primary' }, 'Check these URLs');
  const bar = h('progress', { max: '1', value: '0', 'aria-label': 'Upload', hidden: true });
  const drop = h('div', { class: 'drop' }, text);
  const options = optionFields(providers);

  const setFile = (chosen: File | undefined) => {
    file = chosen;
    picker.value = '';
    fault.textContent = '';
    fill(drop, file ? fileChip(file, () => setFile(undefined)) : text);
    showHint();
  };
  const showHint = () => (hint.textContent = file ? 'The file is sent as it is.' : hintFor(text.value));
  const form = h(
    'form',
    { class: 'stack', novalidate: true },
    h('div', { class: 'field' }, h('label', { for: 'urls' }, 'URLs, one a line'), drop, hint),
    options,
    fault,
    bar,
    h(
      'div',
      { class: 'row' },
      submit,
      h('span', {}, picker, h('label', { for: 'file', class: 'button' }, 'Choose a file')),
      h('span', { class: 'muted small by-mouse' }, 'or drop one on the field'),
    ),
  );

  text.addEventListener('input', showHint);
  picker.addEventListener('change', () => picker.files?.[0] && setFile(picker.files[0]));
  acceptDrops(drop, setFile);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void handIn();
  });
  showHint();

  async function handIn(): Promise<void> {
    fault.textContent = '';
    if (!file && text.value.trim() === '') {
      fault.textContent = 'Paste at least one URL, or choose a file.';
      return text.focus();
    }
    submit.disabled = true;
    bar.hidden = false;
    try {
      taken(await upload(file ?? text.value, chosenOptions(options), (share) => showSent(share)));
    } catch (error) {
      fault.textContent = error instanceof Error ? error.message : String(error);
    } finally {
      submit.disabled = false;
      submit.textContent = 'Check these URLs';
      bar.hidden = true;
    }
  }
  function showSent(share: number): void {
    bar.value = share;
    submit.textContent = share < 1 ? `Sending ${percent(share)}` : 'Sorting the lines';
  }
  return h('section', { class: 'card' }, h('h2', {}, 'New list'), form);
}

async function upload(body: File | string, options: URLSearchParams, progress: (share: number) => void) {
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : typeOf(body.name);
  const query = type === 'application/json' ? '' : `?${options}`;
  const accepted = await send<SubmissionAccepted>({ path: `/v1/submissions${query}`, type, body, progress });
  return accepted.id;
}

/** By the name: browsers know other types for CSV where a spreadsheet program is installed. */
export function typeOf(name: string): string {
  if (/\.json$/i.test(name)) return 'application/json';
  return /\.csv$/i.test(name) ? 'text/csv' : 'text/plain';
}

function hintFor(text: string): string {
  if (text.length > COUNT_UP_TO) return `${bytes(text.length)} of text.`;
  const lines = text.split('\n').filter((line) => line.trim() !== '').length;
  return lines === 0
    ? 'http and https. Duplicates and faulty lines are sorted out and listed.'
    : `${whole(lines)} ${lines === 1 ? 'line' : 'lines'}.`;
}

function fileChip(file: File, remove: () => void): HTMLElement {
  return h(
    'div',
    { class: 'file' },
    h('span', {}, h('strong', {}, file.name), ` · ${bytes(file.size)}`),
    h('button', { type: 'button', on: { click: remove } }, 'Remove'),
  );
}

function acceptDrops(target: HTMLElement, take: (file: File) => void): void {
  const over = (event: DragEvent) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    target.classList.add('over');
  };
  target.addEventListener('dragenter', over);
  target.addEventListener('dragover', over);
  target.addEventListener('dragleave', () => target.classList.remove('over'));
  target.addEventListener('drop', (event) => {
    target.classList.remove('over');
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    take(file);
  });
}
