import type { PlannedAsk, Registry } from '@assay/providers';

/** Where the units of an ask come from, as far as it is known before anything is asked. */
export interface AskSource {
  readonly ask: PlannedAsk;
  /**
   * submitted: those of the rows as they came, exactly. facts: round one decides; a row gives one at most.
   * none: it never has one.
   */
  readonly from: 'submitted' | 'facts' | 'none';
  /** Which units are likely: the submitted ones, those of a share of the rows, or none that is not asked already. */
  readonly likely: 'submitted' | 'share' | 'none';
}

/** In the order of `asks`; an ask that no provider has any more is left out. */
export function askSources(asks: readonly string[], registry: Pick<Registry, 'asks'>): AskSource[] {
  const planned = new Set(asks);
  const known = asks.flatMap((id) => registry.asks.get(id) ?? []);
  const submitted = known.filter((ask) => from(ask, planned) === 'submitted');
  return known.map((ask) => {
    const source = from(ask, planned);
    if (source === 'none') return { ask, from: source, likely: 'none' };
    if (source === 'submitted') {
      const first = submitted.find((other) => sameAnswers(other, ask));
      return { ask, from: source, likely: first === ask ? 'submitted' : 'none' };
    }
    const asked = submitted.some((other) => sameAnswers(other, ask));
    return { ask, from: source, likely: ask.unit === 'handle' ? 'share' : asked ? 'none' : 'submitted' };
  });
}

function from({ needs, unit }: PlannedAsk, planned: ReadonlySet<string>): AskSource['from'] {
  if (needs && planned.has(needs.from)) return 'facts';
  if (unit === 'handle' || needs?.need === 'required') return 'none';
  // Nobody finds the fact, so that it falls back to the unit that the first round asks about.
  return needs?.unlessSameAs && planned.has(needs.unlessSameAs) ? 'none' : 'submitted';
}

/** Asks of one surface share answers: the second costs nothing. */
function sameAnswers(a: PlannedAsk, b: PlannedAsk): boolean {
  return a.surface === b.surface && a.unit === b.unit;
}
