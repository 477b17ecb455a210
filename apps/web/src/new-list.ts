import type { SubmissionAccepted, SubmissionPlan } from '@assay/contracts';
import { send } from './api.js';
import { fill, h } from './dom.js';
import { chosenOptions, optionFields } from './list-options.js';
import { bytes, percent, whole } from './numbers.js';
import { planPanel } from './plan-panel.js';
import type { ProviderInfo } from './shapes.js';

const EXAMPLE =
  'https://example.com/\nhttps://www.iana.org/help/example-domains\nhttps://nodejs.org/en/about';
const SUBMIT = 'Check these URLs';
const ASK_PRICE = 'What would it cost?';
/** Above it lines are not counted while typing. */
const COUNT_UP_TO = 2_000_000;

/** The form that takes a list, pasted or as a file. `taken` is called with the id. */
export function newList(providers: readonly ProviderInfo[], taken: (id: string) => void): HTMLElement {
  return new ListForm(providers, taken).element;
}

class ListForm {
  private file: File | undefined;
  private readonly text = h('textarea', {
    id: 'urls',
    spellcheck: 'false',
    autocomplete: 'off',
    placeholder: EXAMPLE,
    'aria-describedby': 'urls-hint',
  });
  private readonly hint = h('p', { id: 'urls-hint', class: 'muted small' });
  private readonly picker = h('input', {
    type: 'file',
    id: 'file',
    accept: '.txt,.csv,.json,text/plain,text/csv',
  });
  private readonly fault = h('p', { class: 'fault', role: 'alert' });
  private readonly submit = h('button', { type: 'submit', class: 'primary' }, SUBMIT);
  private readonly price = h('button', { type: 'button' }, ASK_PRICE);
  private readonly plan = h('div', { 'aria-live': 'polite' });
  private readonly bar = h('progress', { max: '1', value: '0', 'aria-label': 'Upload', hidden: true });
  private readonly drop = h('div', { class: 'drop' }, this.text);
  private readonly options: HTMLElement;
  readonly element: HTMLElement;

  constructor(
    providers: readonly ProviderInfo[],
    private readonly taken: (id: string) => void,
  ) {
    this.options = optionFields(providers);
    this.element = h('section', { class: 'card' }, h('h2', {}, 'New list'), this.form(), this.plan);
    this.price.addEventListener('click', () => void this.askPrice());
    this.text.addEventListener('input', () => this.showHint());
    this.picker.addEventListener('change', () => this.setFile(this.picker.files?.[0]));
    acceptDrops(this.drop, (file) => this.setFile(file));
    this.showHint();
  }

  private form(): HTMLElement {
    const form = h(
      'form',
      { class: 'stack', novalidate: true },
      h('div', { class: 'field' }, h('label', { for: 'urls' }, 'URLs, one a line'), this.drop, this.hint),
      this.options,
      this.fault,
      this.bar,
      h(
        'div',
        { class: 'row' },
        this.submit,
        this.price,
        h('span', {}, this.picker, h('label', { for: 'file', class: 'button' }, 'Choose a file')),
        h('span', { class: 'muted small by-mouse' }, 'or drop one on the field'),
      ),
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.handIn();
    });
    // A plan of another list or of other options would mislead.
    form.addEventListener('input', () => fill(this.plan));
    return form;
  }

  private setFile(file: File | undefined): void {
    this.file = file;
    this.fault.textContent = '';
    if (!file) this.picker.value = '';
    fill(this.drop, file ? fileChip(file, () => this.setFile(undefined)) : this.text);
    this.showHint();
  }

  private showHint(): void {
    this.hint.textContent = this.file ? 'The file is sent as it is.' : hintFor(this.text.value);
  }

  private async handIn(): Promise<void> {
    const accepted = await this.send<SubmissionAccepted>(this.submit, SUBMIT, {});
    if (accepted) this.taken(accepted.id);
  }

  private async askPrice(): Promise<void> {
    fill(this.plan);
    const plan = await this.send<SubmissionPlan>(this.price, ASK_PRICE, { plan: 'only' });
    if (plan) fill(this.plan, planPanel(plan, this.taken));
  }

  /** undefined where there was a fault, which is told. */
  private async send<T>(
    button: HTMLElement,
    text: string,
    more: Record<string, string>,
  ): Promise<T | undefined> {
    const body = this.file ?? this.text.value;
    this.fault.textContent = '';
    if (typeof body === 'string' && body.trim() === '') {
      this.fault.textContent = 'Paste at least one URL, or choose a file.';
      this.text.focus();
      return undefined;
    }
    this.setBusy(true);
    try {
      return await upload<T>(body, chosenOptions(this.options), more, (share) =>
        this.showSent(button, share),
      );
    } catch (error) {
      this.fault.textContent = error instanceof Error ? error.message : String(error);
      return undefined;
    } finally {
      this.setBusy(false);
      button.textContent = text;
    }
  }

  private setBusy(busy: boolean): void {
    this.submit.disabled = busy;
    this.price.disabled = busy;
    this.bar.hidden = !busy;
  }

  private showSent(button: HTMLElement, share: number): void {
    this.bar.value = share;
    button.textContent = share < 1 ? `Sending ${percent(share)}` : 'Sorting the lines';
  }
}

/** A JSON file names its options itself; `more` goes with any. */
function upload<T>(
  body: File | string,
  options: URLSearchParams,
  more: Record<string, string>,
  progress: (share: number) => void,
): Promise<T> {
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : typeOf(body.name);
  const own = type === 'application/json' ? [] : [...options];
  const query = new URLSearchParams([...own, ...Object.entries(more)]).toString();
  return send<T>({ path: `/v1/submissions${query && `?${query}`}`, type, body, progress });
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
