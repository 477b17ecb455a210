import type { Plan } from '@assay/contracts';
import { unitOf, type PlannedAsk } from '@assay/providers';
import type { AskCatalogue } from './ask-catalogue.js';
import { isSettled } from './choose-unit.js';
import type { Ended, RowState } from './row-state.js';

/** What keeps a limit key from being asked, and until when. */
export interface Trouble {
  readonly reason: Extract<Ended['reason'], 'provider_down' | 'quota'>;
  readonly until: number;
}

/** By `troubleKey`; only what still lasts. */
export type Troubles = ReadonlyMap<string, Trouble>;

export function troubleKey(provider: string, limitKey: string): string {
  return `${provider} ${limitKey}`;
}

/** Ends what has no outcome at the row's deadline, with the reason that its limit key gives, else as expired. */
export function endRow(state: RowState, troubles: Troubles, catalogue: AskCatalogue, now: number): RowState {
  const ended: Record<string, Ended> = { ...state.ended };
  let any = false;
  for (const ask in state.plan.asks) {
    const gen = state.plan.asks[ask]!;
    if (isSettled(state, ask, gen)) continue;
    const trouble = troubleOf(state, catalogue.asks.get(ask), troubles);
    const until = trouble && trouble.until > now ? { until: trouble.until } : undefined;
    ended[ask] = { gen, reason: until ? trouble!.reason : 'expired', ...until, at: now };
    any = true;
  }
  return any ? { ...state, ended } : state;
}

function troubleOf(state: RowState, ask: PlannedAsk | undefined, troubles: Troubles): Trouble | undefined {
  if (!ask || troubles.size === 0) return undefined;
  const { provider } = ask;
  const unit = knownUnit(state, ask);
  const limitKey = unit === undefined ? provider.id : provider.limitKey({ surface: ask.surface, unit });
  return troubles.get(troubleKey(provider.id, limitKey));
}

/** What it was or would have been asked about. */
function knownUnit({ row, plan, emitted }: RowState, ask: PlannedAsk): string | undefined {
  if (ask.round === 1) return row && unitOf(ask, row);
  const asked = emitted[ask.id];
  return asked && asked.gen === plan.asks[ask.id] ? asked.unit : undefined;
}

/**
 * Ends every ask of a dispatch that went out after its submission was cancelled, at the time of that dispatch: in
 * whatever order it comes, the row ends the same. Of a retry only what it raised. Returns `state` itself where it is so
 * already.
 */
export function cancelRow(state: RowState, { asks, dispatchedAt }: Plan): RowState {
  const ended: Record<string, Ended> = { ...state.ended };
  const raised = Math.max(...Object.values(asks));
  let any = false;
  for (const ask in asks) {
    const gen = asks[ask]!;
    if (gen < raised) continue;
    const known = ended[ask];
    if (known && (known.gen > gen || (known.gen === gen && known.reason === 'cancelled'))) continue;
    ended[ask] = { gen, reason: 'cancelled', at: dispatchedAt };
    any = true;
  }
  return any ? { ...state, ended } : state;
}
