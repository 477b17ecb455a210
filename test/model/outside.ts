import { createHash } from 'node:crypto';
import type { AskRequest, CellResult, Wait } from '@assay/fetching';
import { isFresh, type FreshAnswer } from '../../libs/fetching/src/answers/answer-store.js';
import { withOlder } from '../../libs/fetching/src/runtime/older-answer.js';
import type { AnswerRecord, Tables } from './tables.js';
import { askOf, numberOf, PROVIDERS, saidOf, type Truth } from './truth.js';
import type { Wire } from './wire.js';

export interface OutsideFlaws {
  /** Cells go out while their answer is not committed yet. */
  readonly cellsFirst: boolean;
}

export interface OutsideSettings {
  readonly truth: Truth;
  readonly tables: Tables;
  readonly flaws: OutsideFlaws;
  /** How long a parked ask waits for its host. */
  readonly parkMs: number;
  clock(): number;
}

export function answerKeyOf(surface: string, unit: string): string {
  return `${surface} ${unit}`;
}

/** Ids of answers are UUIDs that rise with nothing: their order must not matter. */
export function answerIdOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/**
 * The call runtime and the provider behind it, for one life of a fetcher: control, expiry, stored answers,
 * the call, its commit. Nothing here is priced: claims are not modelled.
 */
export class Outside {
  /** As it was read last. */
  #control: ReadonlyMap<string, { state: string; cancelledAt: number }> = new Map();

  constructor(
    private readonly wire: Wire,
    private readonly settings: OutsideSettings,
    /** Calls so far, by unit, of the whole run. */
    private readonly calls: Map<string, number>,
  ) {
    this.look();
  }

  /** Reads which submissions are paused or cancelled. */
  look(): void {
    const rows = [...this.settings.tables.submission.values()];
    this.#control = new Map(
      rows.map(({ id, state, cancelledAt }) => [id, { state, cancelledAt: cancelledAt ?? -1 }]),
    );
  }

  control(): { paused: string[]; cancelled: string[] } {
    this.look();
    const those = (wanted: string) =>
      [...this.#control].filter(([, { state }]) => state === wanted).map(([id]) => id);
    return { paused: those('paused'), cancelled: those('cancelled') };
  }

  async ask(request: AskRequest): Promise<CellResult | Wait> {
    const { clock } = this.settings;
    const { surface, unit } = request.question;
    const control = this.#control.get(request.submission);
    const at = clock();
    if (request.dispatchedAt <= (control?.cancelledAt ?? -1))
      return { outcome: 'skipped', detail: 'cancelled', at };
    if (request.expiresAt <= at) return { outcome: 'skipped', detail: 'expired', at };
    if (control?.state === 'paused' && request.mayPark)
      return { kind: 'wait', notBefore: request.expiresAt, limitKey: '', reason: 'paused' };
    const { truth, tables, parkMs } = this.settings;
    const stored = await this.wire.do('look up', () => tables.fresh.get(answerKeyOf(surface, unit)));
    if (stored && isFresh(asFresh(stored), request, clock())) return answered(stored);
    if (truth.parks.includes(askOf(surface, unit)) && request.mayPark && !request.unparked)
      return { kind: 'wait', notBefore: clock() + parkMs, limitKey: unit, reason: 'quota' };
    return this.#call(request, stored);
  }

  async #call(request: AskRequest, stored: AnswerRecord | undefined): Promise<CellResult> {
    const { truth, clock } = this.settings;
    const { surface, unit } = request.question;
    const key = answerKeyOf(surface, unit);
    const said = await this.wire.do('call', () => {
      const nth = (this.calls.get(key) ?? 0) + 1;
      this.calls.set(key, nth);
      return { ...saidOf(truth, askOf(surface, unit), unit, request.gen, nth), nth };
    });
    const at = clock();
    const { outcome, facts } = said;
    if (outcome === 'failed' || outcome === 'skipped') {
      const detail = outcome === 'failed' ? ('server' as const) : ('robots' as const);
      return withOlder({ outcome, detail, at }, stored && asFresh(stored), request, at);
    }
    const answer: AnswerRecord = {
      ...{
        id: answerIdOf(`${key} ${said.nth} ${at}`),
        key,
        unit,
        outcome,
        facts: facts as AnswerRecord['facts'],
      },
      numbers: outcome === 'ok' ? { n: numberOf(surface, unit) } : {},
      fetchedAt: at,
      expiresAt: at,
    };
    const committed = this.wire.do('commit answer', () => this.#keep(answer));
    if (this.settings.flaws.cellsFirst) committed.catch(() => undefined);
    else await committed;
    return answered(answer);
  }

  #keep(answer: AnswerRecord): void {
    const { tables } = this.settings;
    tables.answer.set(answer.id, answer);
    const known = tables.fresh.get(answer.key);
    if (!known || known.fetchedAt <= answer.fetchedAt) tables.fresh.set(answer.key, answer);
  }
}

/** What was measured before any of these lists came, and counts as fresh no more. */
export function keepOldAnswers(tables: Tables, truth: Truth, units: readonly string[], now: number): void {
  for (const surface of ['page', 'links', 'safe'])
    for (const unit of units) {
      if (!truth.older.includes(askOf(surface, unit))) continue;
      const key = answerKeyOf(surface, unit);
      const id = answerIdOf(`old ${key}`);
      const times = { fetchedAt: now - 90_000, expiresAt: now - 80_000 };
      const numbers = { n: numberOf(surface, unit), old: 1 };
      const answer = { id, key, unit, outcome: 'ok' as const, numbers, facts: undefined, ...times };
      tables.answer.set(id, answer);
      tables.fresh.set(key, answer);
    }
}

function asFresh({ key, id, outcome, facts, fetchedAt, expiresAt }: AnswerRecord): FreshAnswer {
  return { key, id, outcome, fetchedAt, expiresAt, ...(facts && { facts }) };
}

function answered({ id, outcome, facts, fetchedAt }: AnswerRecord): CellResult {
  return { outcome, answer: id, at: fetchedAt, ...(facts && { facts }) };
}

export const PROVIDER_IDS = Object.keys(PROVIDERS);
