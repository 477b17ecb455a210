import { byId, fill, h } from './dom.js';

const shown = new Map<string, HTMLElement>();

/** Shows a message until it is closed or taken back by its key. */
export function notify(key: string, message: string, mild = false): void {
  const close = h('button', { type: 'button', class: 'quiet', on: { click: () => unnotify(key) } }, 'Close');
  shown.set(key, h('div', { class: mild ? 'notice mild' : 'notice' }, h('p', {}, message), close));
  fill(byId('notices'), ...shown.values());
}

export function unnotify(key: string): void {
  if (shown.delete(key)) fill(byId('notices'), ...shown.values());
}

export function notifyError(key: string, error: unknown): void {
  notify(key, error instanceof Error ? error.message : String(error));
}

/** Said by screen readers, not shown. */
export function announce(message: string): void {
  const announcer = byId('announcer');
  if (announcer.textContent !== message) announcer.textContent = message;
}
