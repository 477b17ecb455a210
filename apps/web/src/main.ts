import { getJson } from './api.js';
import { byId, fill, h } from './dom.js';
import { listPage } from './list-page.js';
import { newList } from './new-list.js';
import { notifyError } from './notices.js';
import { submissionOf } from './paths.js';
import { providerPanel } from './provider-panel.js';
import { recentLists } from './recent-lists.js';
import type { ProviderInfo } from './shapes.js';
import { startTheme } from './theme.js';

/** Without them the page still works, with fewer words. */
async function loadProviders(): Promise<readonly ProviderInfo[]> {
  try {
    return (await getJson<{ items: ProviderInfo[] }>('/v1/providers')).items;
  } catch (error) {
    notifyError('providers', error);
    return [];
  }
}

function home(providers: readonly ProviderInfo[]): HTMLElement[] {
  const open = (id: string) => location.assign(`/?submission=${encodeURIComponent(id)}`);
  return [
    h('h1', { class: 'unseen' }, 'Assay'),
    h('div', { class: 'columns' }, newList(providers, open), recentLists()),
    providerPanel(providers),
  ];
}

async function start(): Promise<void> {
  startTheme();
  const main = byId('main');
  const providers = await loadProviders();
  const id = submissionOf(location.search);
  if (id === undefined) return fill(main, ...home(providers));
  try {
    fill(main, ...(await listPage(id, providers)));
  } catch (error) {
    notifyError('page', error);
    fill(main, ...home(providers));
  }
}

void start();
