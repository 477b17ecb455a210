import { createHash } from 'node:crypto';
import type { AcceptedLine } from './check-lines.js';
import type { StoredRow } from './read-rows.js';
import { compareAttempts, isMeasured, newestOf, sayAttempt, type Attempt, type RowCell } from './cells.js';
import { sameJson } from './same-value.js';
import type { Scene } from './scene.js';
import type { SentCell } from './topic-contents.js';

/** Every accepted line went out, and what cannot be read was given up by somebody, who said so. */
export function checkMessages(scene: Scene, accepted: ReadonlyMap<number, AcceptedLine>): void {
  const { topics, findings } = scene;
  findings.checked.messages = topics.messages;
  for (const { seq, url } of accepted.values()) {
    const sent = topics.submitted.get(seq);
    if (!sent && topics.incomplete) continue;
    const urls = [...(sent?.urls ?? [])];
    if (urls.length !== 1 || urls[0] !== url)
      findings.add('line-not-submitted', `line ${seq}`, `url.submitted of ${url}`, urls.join(' ') || 'none');
  }
  for (const place of topics.broken)
    if (!topics.givenUp.has(place))
      findings.add('message-unread', place, 'a dead letter: it is no JSON', 'none');
}

/** Nothing that was said about this row in the topics was passed over. */
export function checkTopicsOfRow(scene: Scene, row: StoredRow): void {
  checkVersion(scene, row);
  for (const sent of scene.topics.cells.get(row.seq) ?? []) {
    scene.findings.checked.metricCells++;
    if (sent.late || scene.topics.givenUp.has(sent.place) || isOfOtherUnit(row, sent)) continue;
    const skipped = attemptsOf(sent).find((attempt) => !isHeeded(row.cells[sent.ask], attempt));
    if (!skipped) continue;
    const shown = row.cells[sent.ask];
    const where = `row ${row.seq} ${sent.ask}, ${sent.place}`;
    scene.findings.add('cell-skipped', where, sayAttempt(skipped), shown ? sayAttempt(shown) : 'no cell');
  }
}

function checkVersion({ topics, findings }: Scene, row: StoredRow): void {
  const where = `row ${row.seq}`;
  const newest = topics.joined.get(row.seq);
  const said = newest?.version ?? 0;
  if (said > row.version) findings.add('version-skipped', where, said, row.version);
  if (said < row.version && !topics.incomplete) findings.add('version-foreign', where, said, row.version);
  if (row.joinerVersion !== null && row.joinerVersion > Math.max(said, row.version))
    findings.add('version-skipped', `${where} joiner`, row.joinerVersion, said);
  if (newest?.twofold)
    findings.add('version-differs', where, `one version ${said}`, 'two with different cells');
  if (newest && said === row.version && !(sameJson(newest.cells, row.cells) && newest.state === row.state))
    findings.add('version-differs', where, { state: newest.state, cells: newest.cells }, row);
}

/** The unit of an ask is fixed for its gen when it first goes out: cells of another one do not count. */
function isOfOtherUnit(row: StoredRow, { ask, gen, unit }: SentCell): boolean {
  const emitted = row.emitted?.[ask];
  return emitted?.gen === gen && unit !== emitted.unit && unit !== digestOf(emitted.unit);
}

function digestOf(unit: string): string {
  return `sha256:${createHash('sha256').update(unit).digest('hex')}`;
}

function attemptsOf({ older, ...sent }: SentCell): Attempt[] {
  return older ? [sent, { ...older, gen: sent.gen, stale: true }] : [sent];
}

/** A measured number stays until a better one comes; a try in vain until a newer try. */
function isHeeded(cell: RowCell | undefined, sent: Attempt): boolean {
  if (!cell) return false;
  if (!isMeasured(sent)) return compareAttempts(newestOf(cell), sent) >= 0;
  if (!isMeasured(cell)) return false;
  if (Boolean(cell.stale) !== Boolean(sent.stale)) return !cell.stale;
  return compareAttempts(cell, sent) >= 0;
}
