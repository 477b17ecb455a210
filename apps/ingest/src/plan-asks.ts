import type { AskDefinition, Provider, Registry } from '@assay/providers';

export interface PlanChoice {
  /** Switched on in this installation. */
  readonly enabled: readonly Provider[];
  /** All that exist, to tell a wrong id from one that lacks its key. */
  readonly known: readonly Provider[];
  /** Ids the person asked for; absent: all that are switched on. */
  readonly wanted?: readonly string[];
}

/** The asks of a submission, in the order of the registry, or what is wrong with the choice. */
export type AskPlan =
  { readonly ok: true; readonly asks: readonly string[] } | { readonly ok: false; readonly reason: string };

/**
 * Plans every ask of both rounds of the chosen providers. An ask that requires a fact which no planned
 * ask finds could only end unanswered, after waiting for round one: it is not planned.
 */
export function planAsks({ enabled, known, wanted }: PlanChoice): AskPlan {
  for (const id of wanted ?? []) {
    const fault = faultOf(id, enabled, known);
    if (fault) return { ok: false, reason: fault };
  }
  const chosen = enabled.filter((provider) => !wanted || wanted.includes(provider.id));
  const definitions = chosen.flatMap((provider) => provider.asks);
  const asks = definitions.filter((ask) => answerable(ask, definitions)).map((ask) => ask.id);
  if (asks.length === 0) return { ok: false, reason: 'No provider with anything to ask is switched on.' };
  return { ok: true, asks };
}

function answerable(ask: AskDefinition, planned: readonly AskDefinition[]): boolean {
  const needs = ask.needs;
  if (!needs || needs.need === 'preferred') return true;
  return planned.some((other) => other.id === needs.from);
}

function faultOf(id: string, enabled: readonly Provider[], known: readonly Provider[]): string | undefined {
  if (enabled.some((provider) => provider.id === id)) return undefined;
  const provider = known.find((candidate) => candidate.id === id);
  const choices = `Switched on: ${enabled.map(({ id: name }) => name).join(', ') || 'none'}.`;
  if (!provider) return `There is no provider "${id}". ${choices}`;
  const key =
    provider.auth.kind === 'key' ? ` Set ${provider.auth.env}, or look at PROVIDERS.` : ' Look at PROVIDERS.';
  return `Provider "${id}" is not switched on.${key} ${choices}`;
}

/** Round-one asks among the planned ones: what the header of `url.submitted` names. */
export function roundOneAsks(
  asks: readonly string[],
  roundOf: (ask: string) => number | undefined,
): string[] {
  return asks.filter((ask) => roundOf(ask) === 1);
}

/** The same by what this installation knows of asks. */
export function askedInRoundOne({
  asks: known,
}: Pick<Registry, 'asks'>): (asks: readonly string[]) => string[] {
  return (asks) => roundOneAsks(asks, (ask) => known.get(ask)?.round);
}
