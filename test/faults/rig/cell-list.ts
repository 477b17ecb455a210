import { deadUrls, testUrls } from '../test-urls.js';
import { deadSitesOf, type Cell } from './cells.js';

export const DEADLINE_MS = 60_000;
const ROUND1_MS = 30_000;
/** Of a provider that says 429: what does not fit is answered at once. */
const SHORT_PATIENCE_MS = 4_000;
/** A host's pages are asked for one by one. */
export const ROWS_OF_A_DOMAIN = 4;
/** Half a minute for three outages of 4 s. */
const ROWS_OF_A_PACED_DOMAIN = 25;
const PACED = { lane: 'bulk', round1Ms: '50000', deadlineMs: '80000', patienceMs: '50000' };

/** Short enough that the cell ends in time, long enough for a priced call (15 s) after an outage. */
export function optionsOf({ circumstance, paced }: Cell): Record<string, string> {
  if (paced) return PACED;
  const patienceMs = String(circumstance === 'limited' ? SHORT_PATIENCE_MS : ROUND1_MS);
  return { lane: 'bulk', round1Ms: String(ROUND1_MS), deadlineMs: String(DEADLINE_MS), patienceMs };
}

/** Sites of all kinds, some dead, of a name that no cell before had: and a line twice, and two that are none. */
export function linesOf(cell: Cell, seed: number): string[] {
  const name = `${hashed(cell.name).toString(36)}x${seed.toString(36)}`;
  const dead = deadSitesOf(cell);
  const perDomain = cell.paced ? ROWS_OF_A_PACED_DOMAIN : ROWS_OF_A_DOMAIN;
  const urls = testUrls(name, cell.rows - dead, Math.ceil(cell.rows / perDomain));
  return [...urls, ...deadUrls(name, dead), urls[0]!, 'no url at all', 'ftp://neither.is/this'];
}

/** FNV-1a, 32 bits. */
export function hashed(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193) >>> 0;
  return hash;
}
