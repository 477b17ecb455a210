import { h } from './dom.js';
import type { ProviderInfo } from './shapes.js';

/** Name, speed and providers of a list; all of them may stay as they are. */
export function optionFields(providers: readonly ProviderInfo[]): HTMLElement {
  const enabled = providers.filter((provider) => provider.enabled);
  return h(
    'details',
    {},
    h('summary', {}, 'Options'),
    h(
      'div',
      { class: 'options' },
      h(
        'div',
        { class: 'field' },
        h('label', { for: 'name' }, 'Name'),
        h('input', { type: 'text', id: 'name', name: 'name', maxlength: '200', autocomplete: 'off' }),
      ),
      h(
        'div',
        { class: 'field' },
        h('label', { for: 'lane' }, 'Speed'),
        h(
          'select',
          { id: 'lane', name: 'lane' },
          h('option', { value: '' }, 'By size of the list'),
          h('option', { value: 'express' }, 'Express: answers within a minute'),
          h('option', { value: 'bulk' }, 'Bulk: patient, for long lists'),
        ),
      ),
      enabled.length > 0 && providerChoice(enabled),
    ),
  );
}

function providerChoice(enabled: readonly ProviderInfo[]): HTMLElement {
  return h(
    'fieldset',
    { class: 'checks' },
    h('legend', {}, 'Ask'),
    ...enabled.map(({ id, title }) =>
      h(
        'label',
        { class: 'plain' },
        h('input', { type: 'checkbox', name: 'provider', value: id, checked: true }),
        ` ${title}`,
      ),
    ),
  );
}

/** What differs from the defaults, as query parameters. */
export function chosenOptions(fields: HTMLElement): URLSearchParams {
  const options = new URLSearchParams();
  const name = fields.querySelector<HTMLInputElement>('#name')?.value.trim();
  const lane = fields.querySelector<HTMLSelectElement>('#lane')?.value;
  const boxes = [...fields.querySelectorAll<HTMLInputElement>('input[name=provider]')];
  const wanted = boxes.filter((box) => box.checked);
  if (name) options.set('name', name);
  if (lane) options.set('lane', lane);
  if (wanted.length > 0 && wanted.length < boxes.length)
    options.set('providers', wanted.map((box) => box.value).join(','));
  return options;
}
