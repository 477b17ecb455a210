import { parseUrl } from '@assay/contracts';
import { isUtf8 } from 'node:buffer';
import type { Reply } from './classify-reply.js';

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Where a reply leads: undefined where it does not, `unusable` where it names no web address. */
export function redirectTarget(reply: Reply, from: URL): URL | 'unusable' | undefined {
  if (!REDIRECTS.has(reply.status)) return undefined;
  const location = readLocation(reply.headers['location'] ?? '');
  const target = location === '' ? undefined : parseUrl(location, from.href);
  if (!target) return 'unusable';
  return target.protocol === 'https:' || target.protocol === 'http:' ? target : 'unusable';
}

/** Header bytes arrive as Latin-1; servers write addresses in UTF-8. */
function readLocation(value: string): string {
  const bytes = Buffer.from(value, 'latin1');
  return (isUtf8(bytes) ? bytes.toString('utf8') : value).trim();
}
