import { submissionPath } from './paths.js';
import type { SubmissionView } from '@assay/contracts';
import { getJson } from './api.js';
import { askTable } from './ask-table.js';
import { h } from './dom.js';
import { listHead } from './list-head.js';
import { listSummary } from './list-summary.js';
import { Live } from './live.js';
import { announce, notify, unnotify } from './notices.js';
import { whole } from './numbers.js';
import { Pace } from './pace.js';
import { rejectedPanel } from './rejected-panel.js';
import type { AskInfo } from './row-cells.js';
import { RowPanel } from './row-panel.js';
import type { ProviderInfo } from './shapes.js';

/** The page of one list. @throws ApiError where there is no such list */
export async function listPage(id: string, providers: readonly ProviderInfo[]): Promise<HTMLElement[]> {
  const path = submissionPath(id);
  const first = await getJson<SubmissionView>(path);
  const head = listHead(() => again());
  const summary = listSummary();
  const asks = askTable();
  const rejected = rejectedPanel(`${path}/rejected`);
  const pace = new Pace();
  let ended = false;

  const show = (view: SubmissionView) => {
    head.update(view);
    summary.update(view, pace.note(view.rows.final, Date.now()));
    asks.update(view);
    rejected.update(view.counts.rejected);
    panel.setAsks(asksOf(view, providers));
    panel.setView(view);
    announce(`${view.state}. ${percentDone(view)}`);
  };
  const live = new Live(`${path}/events`, {
    view: show,
    rows: (rows) => panel.update(rows),
    end: () => (ended = true),
    lost: () => notify('live', 'The connection is lost. What you see stands still; trying again …', true),
    back: () => {
      unnotify('live');
      panel.retry();
    },
  });
  const panel: RowPanel = new RowPanel(`${path}/rows`, ({ after, limit }) => {
    if (!ended) live.watch(after, limit);
  });
  /** What had ended may run again. */
  const again = () => {
    if (!ended) return;
    ended = false;
    panel.reload();
  };
  show(first);
  panel.start();
  const link = h('p', {}, h('a', { href: '/' }, '← All lists'));
  return [link, head.element, summary.element, asks.element, panel.element, rejected.element];
}

/** Spoken in steps of a quarter, so that it does not speak all the time. */
function percentDone({ rows }: SubmissionView): string {
  if (rows.final === rows.total) return `All ${whole(rows.total)} rows are final.`;
  const quarter = Math.floor((rows.final / rows.total) * 4) * 25;
  return quarter > 0 ? `${quarter} percent of the rows are final.` : '';
}

function asksOf(view: SubmissionView, providers: readonly ProviderInfo[]): AskInfo[] {
  return view.asks.map(({ ask, provider, round }) => ({
    id: ask,
    round,
    metrics: providers.find(({ id }) => id === provider)?.metrics ?? [],
  }));
}
