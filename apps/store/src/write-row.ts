import type { JoinedCell, Quality, RowJoined, RowState, Spam } from '@assay/contracts';
import { quality, spam, type NumbersByAsk } from '@assay/indicators';
import type { RowId } from './row-key.js';

type Numbers = NumbersByAsk[string];

/** A row as it stands in `url_row`. */
export interface CurrentRow {
  readonly version: number;
  /** The highest generation wanted of any of its asks. */
  readonly gen: number;
  readonly state: RowState;
  readonly url: string | null;
  readonly host: string | null;
  readonly domain: string | null;
  readonly cells: Readonly<Record<string, JoinedCell>>;
  readonly numbers: NumbersByAsk;
}

/** What is written over it. */
export interface UrlRow extends RowId, CurrentRow {
  readonly spam: Spam;
  readonly quality: Quality;
}

/** A cell points to an answer that is not stored: its value must not be written as if it had none. */
export class AnswerMissing extends Error {
  constructor(
    readonly answer: string,
    ask: string,
    row: RowId,
  ) {
    super(`answer ${answer} of ${ask} is not stored (row ${row.seq} of ${row.submission})`);
    this.name = 'AnswerMissing';
  }
}

/** Ids of the answers to look up for this version: those whose numbers the row does not hold yet. */
export function answersToRead(current: CurrentRow, message: RowJoined): string[] {
  const ids: string[] = [];
  for (const ask in message.cells) {
    const { outcome, answer } = message.cells[ask]!;
    if (outcome === 'ok' && answer !== undefined && !held(current, ask, answer)) ids.push(answer);
  }
  return ids;
}

/** The next version of a row, with its numbers and indicators. @throws AnswerMissing */
export function writeRow(
  current: CurrentRow,
  message: RowJoined,
  answers: ReadonlyMap<string, Numbers>,
): UrlRow {
  const id = { submission: message.plan.submission, seq: message.seq };
  const numbers: Record<string, Numbers> = {};
  for (const ask in message.cells) {
    const { outcome, answer } = message.cells[ask]!;
    if (outcome !== 'ok' || answer === undefined) continue;
    const measured = held(current, ask, answer) ?? answers.get(answer);
    if (!measured) throw new AnswerMissing(answer, ask, id);
    numbers[ask] = measured;
  }
  const { version, state, cells } = message;
  const gen = Math.max(current.gen, ...Object.values(message.plan.asks));
  const url = message.url ?? current.url;
  const host = message.host ?? current.host;
  const domain = message.domain ?? current.domain;
  const judged = spam({ url: url ?? '', host: host ?? '', domain: domain ?? '', numbers });
  return {
    ...id,
    ...{ version, gen, state, url, host, domain, cells, numbers },
    spam: judged,
    quality: quality(numbers),
  };
}

function held(current: CurrentRow, ask: string, answer: string): Numbers | undefined {
  return current.cells[ask]?.answer === answer ? current.numbers[ask] : undefined;
}
