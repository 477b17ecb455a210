import type { AskDefinition } from '@assay/providers';
import { buryUnsent, codeOf, type GivenUp, type Publisher } from '@assay/messaging';
import type { ParkedRow } from './parked-row.js';

/** The only try: a row that fails for reasons not its own is not given up. */
const ATTEMPTS = 1;

export interface Burial {
  readonly publisher: Publisher;
  readonly group: string;
  readonly round: AskDefinition['round'];
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Writes the dead letter of a parked cell: as the message by which its group is asked for this cell alone, so that it can
 * be returned like any other. Resolves when the broker has it.
 */
export function buryParked(parked: ParkedRow, error: GivenUp, burial: Burial): Promise<void> {
  const { publisher, group, round, now: at } = burial;
  const { ask, gen, lane, partition, plan, seq, row, unit } = parked;
  const cause = { code: codeOf(error), reason: error.message, group, attempts: ATTEMPTS };
  const place = { lane, partition, asks: [ask], at };
  if (round === 1) {
    const asked = { ...plan, asks: { ...plan.asks, [ask]: gen }, only: [ask] };
    const value = { v: 1, plan: asked, seq, ...row } as const;
    return buryUnsent(publisher, { ...place, message: 'url.submitted', value }, cause);
  }
  const value = {
    v: 1 as const,
    plans: [plan],
    rows: [{ plan: 0, seq, ...row, asks: [{ ask, gen, unit }] }],
  };
  return buryUnsent(publisher, { ...place, message: 'round2.requested', value }, cause);
}
