import { h } from './dom.js';
import { moment, readable, whole } from './numbers.js';
import type { ProviderInfo } from './shapes.js';

/** All providers: what they measure, whether they are on and why, how they are. */
export function providerPanel(providers: readonly ProviderInfo[]): HTMLElement {
  const on = providers.filter(({ enabled }) => enabled).length;
  return h(
    'section',
    { class: 'card stack' },
    h(
      'div',
      { class: 'row spread' },
      h('h2', {}, 'Providers'),
      h('span', { class: 'muted small' }, `${on} of ${providers.length} on`),
    ),
    providers.length === 0
      ? h('p', { class: 'muted' }, 'No provider is installed.')
      : h('div', { class: 'providers' }, ...providers.map(card)),
  );
}

function card(provider: ProviderInfo): HTMLElement {
  const { title, enabled, why, asks, metrics, limits } = provider;
  const rounds = [...new Set(asks.map(({ round }) => round))].join(' and ');
  return h(
    'article',
    { class: 'provider' },
    h(
      'div',
      { class: 'row spread' },
      h('h3', {}, title),
      enabled ? healthPill(provider) : h('span', { class: 'pill' }, 'off'),
    ),
    h('p', { class: 'muted small' }, why),
    h(
      'p',
      { class: 'small' },
      `Asks per ${[...new Set(asks.map(({ unit }) => unit))].join(' and ')}, round ${rounds}`,
    ),
    limits.length > 0 && h('p', { class: 'small' }, `At most ${limits.map(limitWords).join(', ')}`),
    ...troubleLines(provider),
    h(
      'details',
      { class: 'small' },
      h('summary', {}, `${metrics.length} numbers`),
      h(
        'dl',
        {},
        ...metrics.map(({ id, meaning }) => h('div', {}, h('dt', {}, readable(id)), h('dd', {}, meaning))),
      ),
    ),
  );
}

const SPANS: readonly (readonly [ms: number, name: string])[] = [
  [1_000, 'second'],
  [60_000, 'minute'],
  [3_600_000, 'hour'],
  [86_400_000, 'day'],
];

/** 10 calls per second; 30,000 units per 30 days. */
export function limitWords({ permits, perMs, of }: ProviderInfo['limits'][number]): string {
  const [ms, name] = SPANS.findLast(([each]) => perMs % each === 0) ?? [1, 'ms'];
  const span = perMs === ms ? name : `${whole(perMs / ms)} ${ms === 1 ? name : `${name}s`}`;
  return `${whole(permits)} ${permits === 1 ? of.replace(/s$/, '') : of} per ${span}`;
}

/** A limit key's state in words. `open` is a breaker's word and reads like the opposite. */
const STATE_WORDS: Readonly<Record<string, string>> = {
  open: 'failing, not asked',
  half_open: 'trying again',
  throttled: 'slowed down',
  halted: 'halted',
};

function healthPill({ health }: ProviderInfo): HTMLElement {
  if (health.state === 'unknown') return h('span', { class: 'pill', title: 'Nothing was asked yet' }, 'on');
  if (health.troubled === 0) return h('span', { class: 'pill on' }, 'on, well');
  if (health.keys > health.troubled)
    return h(
      'span',
      { class: 'pill troubled' },
      `${whole(health.troubled)} of ${whole(health.keys)} in trouble`,
    );
  return h('span', { class: 'pill down' }, STATE_WORDS[health.state] ?? health.state);
}

function troubleLines({ health }: ProviderInfo): HTMLElement[] {
  return health.troubles.slice(0, 3).map(({ limitKey, state, reason, until }) => {
    const end = until ? ` until ${moment(Date.parse(until), Date.now())}` : '';
    return h('p', { class: 'small aside' }, `${limitKey}: ${reason ?? STATE_WORDS[state] ?? state}${end}`);
  });
}
