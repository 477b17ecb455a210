import type { Attempt, JoinedCell } from '@assay/contracts';
import { unitKey } from '@assay/contracts';
import { askOf, GENS, numberOf, type Ask, type RowTruth } from './truth.js';
import { BEGIN, type World } from './world.js';
import type { UrlRecord } from './tables.js';

/** What is shown and was never said, or was measured in time and is not shown. */
export function untrueOf(world: World, buried: boolean): string[] {
  const wrong: string[] = [];
  for (const [key, row] of world.tables.urlRow)
    for (const [ask, cell] of Object.entries(row.cells)) {
      const because = faultOf(world, row, ask as Ask, cell);
      if (because) wrong.push(`${ask} of ${key}: ${because} ${JSON.stringify(cell)}`);
    }
  return buried ? wrong : [...wrong, ...missingOf(world), ...notCancelledOf(world)];
}

function faultOf(world: World, row: UrlRecord, ask: Ask, cell: JoinedCell): string | undefined {
  const truth = world.truth.rows[row.seq]!;
  const told = [cell, ...(cell.last ? [cell.last] : [])].find((one) => !mayBe(world, truth, ask, one));
  if (told) return `never said: ${told.outcome}(${told.detail})`;
  if (cell.outcome !== 'ok') return row.numbers[ask] ? 'a number that was not measured' : undefined;
  const answer = world.tables.answer.get(cell.answer!);
  if (!answer) return 'its answer is not stored';
  const surface = ask === 'safe.final' ? 'safe' : ask;
  if (askOf(surface, answer.unit) !== ask || !answer.unit.startsWith(row.url!))
    return 'an answer of another unit';
  if (row.numbers[ask]?.['n'] !== numberOf(surface, answer.unit)) return 'another number than was measured';
  return undefined;
}

/** Whether this outcome may be told of this ask, in whatever generation; what time decides only once time has passed. */
function mayBe(world: World, truth: RowTruth, ask: Ask, { outcome, detail, stale }: Attempt): boolean {
  const said = (reply: string) => truth.replies.slice(0, GENS).some((replies) => replies[ask] === reply);
  const cancelled = [...world.tables.submission.values()].some(
    ({ cancelledAt }) => cancelledAt !== undefined,
  );
  const late = world.now >= BEGIN + 18_000;
  if (outcome === 'ok') return said('ok') || (stale === true && world.truth.older.includes(ask));
  if (outcome === 'absent') return said('absent');
  if (outcome === 'failed') return detail === 'server' && said('failed');
  switch (detail) {
    case 'robots':
      return said('skipped');
    case 'expired':
      return late;
    case 'quota':
      return late;
    case 'cancelled':
      return cancelled;
    case 'same_unit':
      return ask === 'safe.final' && truth.finalUrl === 'same';
    case 'no_fact':
      return ask === 'safe.final' && (late || cancelled || factMayBeMissing(truth));
    default:
      return false;
  }
}

function factMayBeMissing({ finalUrl, replies }: RowTruth): boolean {
  return finalUrl === 'none' || replies.some(({ page }) => page !== 'ok');
}

/** What went out as cancelled was not sought: it did not expire, nor did it lack a fact. */
function notCancelledOf({ tables, history }: World): string[] {
  return [...history.cancelled].flatMap((key) =>
    Object.entries(tables.urlRow.get(key)?.cells ?? {}).flatMap(([ask, { gen, detail, outcome }]) =>
      gen === 0 && outcome === 'skipped' && detail !== 'cancelled'
        ? [`${ask} of ${key}: ${detail}, and was cancelled`]
        : [],
    ),
  );
}

/** Measured and written in time, and not shown: whatever came after it, some value must be. */
function missingOf(world: World): string[] {
  const missing: string[] = [];
  for (const message of ['metric.round1', 'metric.round2'] as const)
    for (const { value, timestamp } of world.topics.values(message))
      for (const { plan: index, seq, unit, gen, outcome, older } of value.cells) {
        const plan = value.plans[index]!;
        if (outcome !== 'ok' && outcome !== 'absent' && !older) continue;
        if (timestamp > plan.deadlineAt + plan.graceMs) continue;
        const key = `${plan.submission}/${seq}`;
        const asked = world.history.units.get(`${key} ${value.ask} ${gen}`);
        if (asked !== undefined && unitKey(asked) !== unit) continue;
        const shown = world.tables.urlRow.get(key)?.cells[value.ask];
        if (shown?.outcome !== 'ok' && shown?.outcome !== 'absent')
          missing.push(`${value.ask} of ${key}: measured and not shown ${JSON.stringify(shown)}`);
      }
  return missing;
}
