import { isMeasured, sayAttempt, type RowCell } from './cells.js';
import type { StoredRow } from './read-rows.js';
import { differingMetrics, sameJson } from './same-value.js';
import type { Scene } from './scene.js';
import type { Truth } from './simulator.js';
import { askOf, unitsOf, type AskedUnits } from './units.js';

interface Answer {
  readonly id: string;
  readonly surface: string;
  readonly unit: string;
  readonly outcome: string;
  readonly numbers: Readonly<Record<string, unknown>> | null;
}

const ANSWERS = 'SELECT id, surface, unit, outcome, numbers FROM answer WHERE id = ANY($1::uuid[])';

/** Of these rows: each measured cell has its answer, about the right unit, and both say what the simulator says. */
export async function checkValues(scene: Scene, rows: readonly StoredRow[]): Promise<void> {
  const ids = rows.flatMap(({ cells }) => Object.values(cells).flatMap(({ answer }) => answer ?? []));
  const found = await scene.database.query<Answer>(ANSWERS, [[...new Set(ids)]]);
  const answers = new Map(found.rows.map((answer) => [answer.id, answer]));
  await Promise.all(rows.map((row) => checkRowValues(scene, row, answers)));
}

async function checkRowValues(
  scene: Scene,
  row: StoredRow,
  answers: ReadonlyMap<string, Answer>,
): Promise<void> {
  const { url, host, domain } = row;
  // Said already, as row-wrong: such a row has nothing to be measured by.
  if (url === null || host === null || domain === null) return;
  const page = scene.submission.asks.includes('page')
    ? await scene.simulator.truth('page', 'page', url)
    : undefined;
  await Promise.all(
    Object.entries(row.cells).map(async ([id, cell]) => {
      const ask = askOf(id);
      if (!ask) return scene.findings.add('ask-unknown', `row ${row.seq} ${id}`, 'an ask of asks.ts', id);
      const answer = cell.answer === undefined ? undefined : answers.get(cell.answer);
      const units = unitsOf(ask, { url, host, domain }, page);
      await checkCell(scene, { row, id, cell, answer, units, provider: ask.provider, surface: ask.surface });
    }),
  );
}

interface CellToCheck {
  readonly row: StoredRow;
  readonly id: string;
  readonly cell: RowCell;
  readonly answer: Answer | undefined;
  readonly units: AskedUnits;
  readonly provider: string;
  readonly surface: string;
}

async function checkCell(scene: Scene, one: CellToCheck): Promise<void> {
  const { findings, simulator, strict } = scene;
  const { row, id, cell, answer, provider, surface } = one;
  const where = `row ${row.seq} ${id}`;
  const shown = row.numbers[id];
  if (!isMeasured(cell)) {
    if (shown !== undefined) findings.add('answer-differs', where, 'no numbers', shown);
    if (strict) await checkOutcome(scene, one, one.units.right);
    return;
  }
  if (!answer) return findings.add('answer-missing', where, cell.answer, 'no such answer');
  checkAnswer(scene, one, answer, where);
  const truth = await simulator.truth(provider, surface, answer.unit);
  if (cell.outcome !== truth.outcome)
    return findings.add('outcome-wrong', where, sayTruth(truth), sayAttempt(cell));
  if (cell.outcome !== 'ok') return;
  findings.checked.values++;
  compareNumbers(scene, `${where} url_row`, shown ?? {}, truth);
  compareNumbers(scene, `${where} answer`, answer.numbers ?? {}, truth);
}

/** The answer that a cell points at is about its unit, and the row shows what it says. */
function checkAnswer({ findings, topics }: Scene, one: CellToCheck, answer: Answer, where: string): void {
  const { row, id, cell, units, surface } = one;
  findings.checked.answers++;
  if (answer.outcome !== cell.outcome || answer.surface !== surface)
    findings.add(
      'answer-differs',
      where,
      `${cell.outcome} of ${surface}`,
      `${answer.outcome} of ${answer.surface}`,
    );
  const mayFallBack = answer.unit === units.fallback && topics.pageUnknown(row.seq, cell);
  if (answer.unit !== units.right && !mayFallBack)
    findings.add('unit-wrong', where, units.right ?? 'nothing to ask about', answer.unit);
  const shown = row.numbers[id];
  const said = cell.outcome === 'ok' ? (answer.numbers ?? {}) : undefined;
  if (!sameJson(shown, said)) findings.add('answer-differs', where, said, shown);
}

function compareNumbers(
  { findings }: Scene,
  where: string,
  found: Readonly<Record<string, unknown>>,
  truth: Truth,
): void {
  for (const metric of differingMetrics(found, truth.numbers))
    findings.add('value-wrong', `${where} ${metric}`, truth.numbers[metric], found[metric]);
}

/** Where nothing was disturbed, what has no value has none in truth either. */
async function checkOutcome(
  { findings, simulator }: Scene,
  one: CellToCheck,
  unit: string | undefined,
): Promise<void> {
  const { row, id, cell, provider, surface } = one;
  const expected = unit === undefined ? undefined : await simulator.truth(provider, surface, unit);
  if (cell.outcome !== (expected?.outcome ?? 'skipped'))
    findings.add(
      'outcome-wrong',
      `row ${row.seq} ${id}`,
      expected ? sayTruth(expected) : 'skipped',
      sayAttempt(cell),
    );
}

function sayTruth({ outcome, reason }: Truth): string {
  return reason === undefined ? outcome : `${outcome}(${reason})`;
}
