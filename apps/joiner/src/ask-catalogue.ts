import type { Facts } from '@assay/contracts';
import type { PlannedAsk, Registry } from '@assay/providers';

type FactName = keyof Facts;

/** What the join needs to know about asks, looked up once. */
export interface AskCatalogue {
  /** Definition by ask id; an ask that this installation does not know is joined but never emitted. */
  readonly asks: ReadonlyMap<string, PlannedAsk>;
  /** Facts that some round-two ask takes from this round-one ask. */
  readonly factsOf: ReadonlyMap<string, ReadonlySet<FactName>>;
}

export function askCatalogue(registry: Pick<Registry, 'asks'>): AskCatalogue {
  const factsOf = new Map<string, Set<FactName>>();
  for (const { needs } of registry.asks.values()) {
    if (!needs) continue;
    const wanted = factsOf.get(needs.from) ?? new Set();
    factsOf.set(needs.from, wanted.add(needs.fact));
  }
  return { asks: registry.asks, factsOf };
}
