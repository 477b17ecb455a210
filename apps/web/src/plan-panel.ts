import type { CountBounds, PlannedProvider, PriceBounds, SubmissionPlan } from '@assay/contracts';
import { post } from './api.js';
import { h, type Child } from './dom.js';
import { notifyError } from './notices.js';
import { duration, percent, whole } from './numbers.js';

const USD = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 4 });
const HEADS = ['Provider', 'Fresh', 'To ask', 'Calls', 'USD', 'Quota', 'Done after'];

/** What a list would take, with a button that runs it. `started` is called with its id. */
export function planPanel(plan: SubmissionPlan, started: (id: string) => void): HTMLElement {
  const start = h('button', { type: 'button', class: 'primary' }, 'Start');
  start.addEventListener('click', () => void run(start, plan, started));
  return h(
    'div',
    { class: 'stack plan', role: 'region', 'aria-label': 'Plan' },
    h('h3', {}, 'What it would take'),
    h('p', {}, summary(plan)),
    h(
      'div',
      { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': 'Plan by provider' },
      h(
        'table',
        {},
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            ...HEADS.map((head, at) => h('th', { scope: 'col', ...(at > 0 && { class: 'right' }) }, head)),
          ),
        ),
        h('tbody', {}, ...plan.providers.map(row)),
      ),
    ),
    plan.skipped.length > 0 &&
      h(
        'div',
        {},
        h('h3', {}, 'Will not be asked'),
        h('ul', {}, ...plan.skipped.map((why) => h('li', {}, why))),
      ),
    plan.rows > 0 &&
      h(
        'div',
        { class: 'row' },
        start,
        h('span', { class: 'muted small' }, 'Nothing was asked so far. The list waits, paused.'),
      ),
  );
}

async function run(button: HTMLButtonElement, { id, links }: SubmissionPlan, started: (id: string) => void) {
  button.disabled = true;
  try {
    await post(`${links.self}/start`);
    started(id);
  } catch (error) {
    notifyError('plan', error);
    button.disabled = false;
  }
}

function summary({ rows, counts, calls, price, endS, exact }: SubmissionPlan): string {
  const most = exact ? 'exactly, retries aside' : 'likely; in brackets what is never passed, retries aside';
  const rejected = counts.rejected > 0 ? `, ${whole(counts.rejected)} rejected` : '';
  return `${whole(rows)} rows${rejected}: ${amount(calls)} calls, ${money(price)} USD, done after ${duration(endS)} (${most}).`;
}

function row(provider: PlannedProvider): HTMLElement {
  const { asks, calls, price, quotaShare, endS } = provider;
  const fresh = asks.reduce((sum, ask) => sum + ask.fresh, 0);
  const toAsk = asks.reduce((sum, ask) => added(sum, ask.toAsk), { min: 0, likely: 0, max: 0 });
  const cells: Child[] = [
    whole(fresh),
    amount(toAsk),
    amount(calls),
    price.max > 0 && money(price),
    quotaShare !== null && percent(quotaShare),
    duration(endS),
  ];
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, provider.provider),
    ...cells.map((cell) => h('td', { class: 'right' }, cell)),
  );
}

function added(a: CountBounds, b: CountBounds): CountBounds {
  return { min: a.min + b.min, likely: a.likely + b.likely, max: a.max + b.max };
}

/** 120, or 120 (≤ 300) where facts decide, or how full batches get. */
function amount({ likely, max }: CountBounds): string {
  return likely === max ? whole(likely) : `${whole(likely)} (≤ ${whole(max)})`;
}

function money({ likely, max }: PriceBounds): string {
  const shown = (usd: number) => USD.format(usd);
  return shown(likely) === shown(max) ? shown(likely) : `${shown(likely)} (≤ ${shown(max)})`;
}
