import { REDIRECTS_BY_SSRF_NAME } from './ssrf-redirects.js';

/** What a page is served as, decided from its URL alone. */
export type Route =
  | { readonly kind: 'redirect'; readonly status: number; readonly location: string }
  | { readonly kind: 'error'; readonly status: number }
  | { readonly kind: 'file'; readonly type: string }
  | { readonly kind: 'html' }
  | { readonly kind: 'large' }
  | { readonly kind: 'meta-refresh'; readonly location: string }
  | { readonly kind: 'broken'; readonly how: 'hang' | 'reset' | 'trickle' | 'empty' | 'garbage' };

const BY_LABEL: Readonly<Record<string, Route>> = {
  hang: { kind: 'broken', how: 'hang' },
  reset: { kind: 'broken', how: 'reset' },
  trickle: { kind: 'broken', how: 'trickle' },
  empty: { kind: 'broken', how: 'empty' },
  garbage: { kind: 'broken', how: 'garbage' },
  large: { kind: 'large' },
  pdf: { kind: 'file', type: 'application/pdf' },
  json: { kind: 'file', type: 'application/json' },
  plain: { kind: 'html' },
  'expired-tls': { kind: 'html' },
  'wrong-name-tls': { kind: 'html' },
  'foreign-tls': { kind: 'html' },
  'robots-all': { kind: 'html' },
  'robots-broken': { kind: 'html' },
  'robots-missing': { kind: 'html' },
  'meta-refresh': { kind: 'meta-refresh', location: 'https://plain.page.test/' },
};

/** Pages under `.page.test` and `.ssrf.test`, each made to fail or to lead astray in one way. */
export function testRoute(url: URL): Route | undefined {
  const host = url.hostname;
  if (host.endsWith('.ssrf.test')) {
    const location = REDIRECTS_BY_SSRF_NAME[host.slice(0, -'.ssrf.test'.length)];
    return location ? { kind: 'redirect', status: 302, location } : { kind: 'html' };
  }
  if (!host.endsWith('.page.test')) return undefined;
  const label = host.slice(0, -'.page.test'.length);
  const status = /^status-([345]\d\d)$/.exec(label)?.[1];
  if (status) return { kind: 'error', status: Number(status) };
  if (label === 'loop') return { kind: 'redirect', status: 302, location: url.href };
  const length = /^chain-(\d{1,2})$/.exec(label)?.[1];
  if (length) return chain(url, Number(length));
  return BY_LABEL[label] ?? { kind: 'html' };
}

/** `chain-3.page.test/` is reached after three redirects: /1, /2, /3. */
function chain(url: URL, length: number): Route {
  const at = Number(url.pathname.slice(1)) || 0;
  if (at >= length) return { kind: 'html' };
  return { kind: 'redirect', status: 302, location: `/${at + 1}` };
}
