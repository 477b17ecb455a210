import { getJson } from './api.js';
import { fill, h } from './dom.js';
import { healthFigures, STATE_WORDS, troubleFigures } from './health-words.js';
import { moment, readable, whole } from './numbers.js';
import type { ProviderInfo } from './shapes.js';

const REFRESH_MS = 5_000;
const MOST_TROUBLES = 3;

interface Card {
  readonly element: HTMLElement;
  update(provider: ProviderInfo): void;
}

/** All providers: what they measure, whether they are on and why, how they are; looked at again every 5 s. */
export function providerPanel(providers: readonly ProviderInfo[]): HTMLElement {
  const on = providers.filter(({ enabled }) => enabled).length;
  const cards = new Map(providers.map((provider) => [provider.id, card(provider)]));
  keepFresh(cards);
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
      : h('div', { class: 'providers' }, ...[...cards.values()].map(({ element }) => element)),
  );
}

function keepFresh(cards: ReadonlyMap<string, Card>): void {
  setInterval(() => {
    if (document.hidden) return;
    void getJson<{ items: ProviderInfo[] }>('/v1/providers').then(
      ({ items }) => items.forEach((provider) => cards.get(provider.id)?.update(provider)),
      // What stood there is old now, and so says nothing.
      () => cards.forEach(({ element }) => element.classList.add('stale')),
    );
  }, REFRESH_MS);
}

function card(provider: ProviderInfo): Card {
  const { title, why, asks, metrics, limits } = provider;
  const rounds = [...new Set(asks.map(({ round }) => round))].join(' and ');
  const pill = h('div', {});
  const health = h('div', { class: 'health' });
  const element = h(
    'article',
    { class: 'provider' },
    h('div', { class: 'row spread' }, h('h3', {}, title), pill),
    h('p', { class: 'muted small' }, why),
    h(
      'p',
      { class: 'small' },
      `Asks per ${[...new Set(asks.map(({ unit }) => unit))].join(' and ')}, round ${rounds}`,
    ),
    limits.length > 0 && h('p', { class: 'small' }, `At most ${limits.map(limitWords).join(', ')}`),
    health,
    metricDetails(metrics),
  );
  const update = (now: ProviderInfo) => {
    element.classList.remove('stale');
    fill(pill, now.enabled ? healthPill(now) : h('span', { class: 'pill' }, 'off'));
    fill(health, ...(now.enabled ? [figureList(now)] : []), ...troubleLines(now));
  };
  update(provider);
  return { element, update };
}

function metricDetails(metrics: ProviderInfo['metrics']): HTMLElement {
  const terms = metrics.map(({ id, meaning }) =>
    h('div', {}, h('dt', {}, readable(id)), h('dd', {}, meaning)),
  );
  return h(
    'details',
    { class: 'small' },
    h('summary', {}, `${metrics.length} numbers`),
    h('dl', {}, ...terms),
  );
}

function figureList({ health }: ProviderInfo): HTMLElement {
  const figures = healthFigures(health, Date.now()).map(({ name, value, title }) =>
    h('div', { title }, h('dt', {}, name), h('dd', {}, value)),
  );
  return h('dl', { class: 'state' }, ...figures);
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
  return health.troubles.slice(0, MOST_TROUBLES).map((trouble) => {
    const { limitKey, state, reason, until } = trouble;
    const end = until ? ` until ${moment(Date.parse(until), Date.now())}` : '';
    const figures = health.keys > 1 ? troubleFigures(trouble) : '';
    const words = `${limitKey}: ${reason ?? STATE_WORDS[state] ?? state}${end}`;
    return h('p', { class: 'small aside' }, words, figures && h('span', { class: 'muted' }, ` · ${figures}`));
  });
}
