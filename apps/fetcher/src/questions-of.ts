import {
  EXPIRY_MARGIN_MS,
  unitKey,
  type Lane,
  type Plan,
  type Round2Requested,
  type UrlSubmitted,
} from '@assay/contracts';
import { unitOf, type AskDefinition } from '@assay/providers';
import type { AskRequest } from '@assay/fetching';

export type RowIdentity = Pick<UrlSubmitted, 'url' | 'host' | 'domain'>;

/** What one cell of a row needs: which, in which generation, and how to ask for it. */
export interface CellQuestion {
  readonly ask: AskDefinition;
  readonly gen: number;
  readonly plan: Plan;
  readonly seq: number;
  /** The row as it was submitted. */
  readonly row: RowIdentity;
  /** `unitKey` of the unit; empty where the row has none. */
  readonly unit: string;
  /** Undefined where the row has no such unit: skipped(unsupported). */
  readonly request: AskRequest | undefined;
}

/** The asks of one provider, by id. */
export type Asks = ReadonlyMap<string, AskDefinition>;

/** Round one: the planned asks of this provider, each about a unit of the row itself. */
export function questionsOfRow(message: UrlSubmitted, asks: Asks, lane: Lane): CellQuestion[] {
  const { plan, seq, url, host, domain } = message;
  const row = { url, host, domain };
  const questions: CellQuestion[] = [];
  for (const ask of asks.values()) {
    const gen = plan.asks[ask.id];
    if (ask.round !== 1 || gen === undefined || (plan.only && !plan.only.includes(ask.id))) continue;
    questions.push(questionOf({ ask, gen, plan, seq, row, unit: unitOf(ask, message), lane }));
  }
  return questions;
}

/** Round two: the asks of this provider, each about the unit that the joiner fixed. */
export function questionsOfRound2(message: Round2Requested, asks: Asks, lane: Lane): CellQuestion[] {
  return message.rows.flatMap(({ plan: index, seq, url, host, domain, asks: wanted }) => {
    const plan = message.plans[index];
    if (!plan) return [];
    const row = { url, host, domain };
    return wanted.flatMap(({ ask: id, gen, unit }) => {
      const ask = asks.get(id);
      if (!ask) return [];
      return [questionOf({ ask, gen, plan, seq, row, unit, lane })];
    });
  });
}

interface Given {
  readonly ask: AskDefinition;
  readonly gen: number;
  readonly plan: Plan;
  readonly seq: number;
  readonly row: RowIdentity;
  readonly unit: string | undefined;
  readonly lane: Lane;
}

/** A question of round one is worth asking until that round closes, one of round two until the row does. */
export function questionOf({ ask, gen, plan, seq, row, unit, lane }: Given): CellQuestion {
  if (unit === undefined) return { ask, gen, plan, seq, row, unit: '', request: undefined };
  const request: AskRequest = {
    question: { surface: ask.surface, unit },
    lane,
    expiresAt: (ask.round === 1 ? plan.round1At : plan.deadlineAt) - EXPIRY_MARGIN_MS,
    patienceMs: plan.patienceMs,
    dispatchedAt: plan.dispatchedAt,
    freshFrom: plan.freshFromOf?.[ask.id] ?? plan.freshFrom,
    maxAgeMs: plan.maxAgeMs,
    submission: plan.submission,
    gen,
    capped: plan.capped,
  };
  return { ask, gen, plan, seq, row, unit: unitKey(unit), request };
}
