import type { AskDefinition, MetricDefinition, ProviderDefinition } from './provider.js';

/** JSON Schema (2020-12) of the numbers of each ask: an object by metric id, in which nothing is required. */
export function cellSchema(providers: readonly Pick<ProviderDefinition, 'title' | 'asks' | 'metrics'>[]) {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Numbers of a row by ask',
    description: 'Only what was measured: a metric that the provider left out is left out here, never 0.',
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(
      providers.flatMap(({ title, asks, metrics }) =>
        asks.map((ask) => [ask.id, numbersOf(title, ask, metrics)] as const),
      ),
    ),
  };
}

/** Metrics that an ask can measure. */
export function metricsOfAsk(
  { metrics: ids }: Pick<AskDefinition, 'metrics'>,
  metrics: readonly MetricDefinition[],
): MetricDefinition[] {
  return metrics.filter(({ id }) => ids?.includes(id) ?? true);
}

function numbersOf(title: string, ask: AskDefinition, metrics: readonly MetricDefinition[]) {
  const own = metricsOfAsk(ask, metrics).map((metric) => [metric.id, schemaOf(metric)] as const);
  return {
    description: `${title}, about a ${ask.unit}, round ${ask.round === 1 ? 'one' : 'two'}`,
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(own),
  };
}

function schemaOf({ type, unit, range, meaning }: MetricDefinition) {
  const description = unit ? `${meaning} (${unit})` : meaning;
  if (type === 'text') return { type: 'string', description };
  if (type === 'date') return { type: 'string', format: 'date-time', description };
  if (type === 'boolean') return { type, description };
  return range ? { type, minimum: range[0], maximum: range[1], description } : { type, description };
}
