import type { RetryFilter } from '@assay/contracts';
import type { Registry } from '@assay/providers';

export type KnownAsks = Pick<Registry, 'asks' | 'providers'>;

/** Which asks of a submission a filter is about, in its order, or what is wrong with the filter. */
export type ChosenAsks =
  { readonly ok: true; readonly asks: readonly string[] } | { readonly ok: false; readonly fault: string };

export function chooseAsks(planned: readonly string[], filter: RetryFilter, registry: KnownAsks): ChosenAsks {
  const strange = filter.asks?.find((ask) => !planned.includes(ask));
  if (strange !== undefined)
    return fault(`This submission has no ask "${strange.slice(0, 64)}". It has: ${planned.join(', ')}.`);
  const providerOf = (ask: string) => registry.asks.get(ask)?.provider.id ?? ask.split('.')[0]!;
  const providers = [...new Set(planned.map(providerOf))];
  const foreign = filter.providers?.find((id) => !providers.includes(id));
  if (foreign !== undefined)
    return fault(
      `This submission asks no provider "${foreign.slice(0, 64)}". It asks: ${providers.join(', ')}.`,
    );
  const asks = planned
    .filter((ask) => !filter.asks || filter.asks.includes(ask))
    .filter((ask) => !filter.providers || filter.providers.includes(providerOf(ask)));
  if (asks.length === 0)
    return fault('None of these asks belongs to one of these providers: name one of both.');
  return { ok: true, asks };
}

function fault(text: string): ChosenAsks {
  return { ok: false, fault: text };
}

export interface Pair {
  /** A cell of this ask matched, */
  readonly ask: string;
  /** so this one is asked again: itself, or one that takes a fact from it, at whatever remove. */
  readonly raises: string;
}

/** What each chosen ask raises among the planned ones. What a row raises is the union over its matching asks. */
export function raisedBy(chosen: readonly string[], planned: readonly string[], { asks }: KnownAsks): Pair[] {
  return chosen.flatMap((ask) => {
    const raised = new Set([ask]);
    // A set grows while it is walked: what is added is walked too.
    for (const one of raised)
      for (const other of planned) if (asks.get(other)?.needs?.from === one) raised.add(other);
    return [...raised].map((raises) => ({ ask, raises }));
  });
}
