import { builtInProviders, metricsOfAsk, type Provider } from '@assay/providers';

/** For docs/providers.md: a row for each provider, then its numbers. */
export function providerTable(): string {
  const head = '| provider | asks | key | batch | limit of a key | price | numbers | contract | compared |';
  const line = '| --- | --- | --- | --- | --- | --- | --- | --- | --- |';
  return [head, line, ...builtInProviders.map(rowOf)].join('\n');
}

export function metricTables(): string {
  return builtInProviders.map(metricsOf).join('\n\n');
}

function rowOf(provider: Provider): string {
  const { id, title, docs, checked, batch, metrics } = provider;
  const cells = [
    `[\`${id}\`](#${id}) ${title}`,
    provider.asks.map((ask) => `\`${ask.id}\` (${ask.unit}, ${ask.round})`).join(', '),
    keyOf(provider),
    String(batch.size),
    limitsOf(provider),
    priceOf(provider),
    String(metrics.length),
    `[source](${docs})`,
    checked ?? '',
  ];
  return `| ${cells.join(' | ')} |`;
}

function keyOf({ auth }: Provider): string {
  if (auth.kind === 'none') return 'none';
  return `[\`${auth.env}\`](${auth.signUp}), ${auth.form}${auth.optional ? ', optional' : ''}`;
}

function limitsOf({ limits, limitsWithoutKey }: Provider): string {
  const words = windows(limits);
  return limitsWithoutKey ? `${words}; without: ${windows(limitsWithoutKey)}` : words;
}

function windows(limits: Provider['limits']): string {
  return limits
    .map(({ permits, perMs, of, resets }) => {
      const zone = resets ? `, back at midnight ${resets === 'utc' ? 'UTC' : 'Pacific time'}` : '';
      return `${permits.toLocaleString('en')} ${of} in ${spanOf(perMs)}${zone}`;
    })
    .join(' and ');
}

const SPANS: readonly (readonly [ms: number, name: string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
];

function spanOf(perMs: number): string {
  const [ms, name] = SPANS.find(([span]) => perMs % span === 0) ?? [1, 'ms'];
  return `${perMs / ms} ${name}`;
}

function priceOf({ price }: Provider): string {
  if (!price) return 'free';
  const usd = (micro: number) => `${micro / 1e6} USD`;
  const parts = [
    price.perCallMicroUsd && `${usd(price.perCallMicroUsd)} a call`,
    price.perUnitMicroUsd && `${usd(price.perUnitMicroUsd)} a unit`,
  ];
  return parts.filter(Boolean).join(' + ');
}

function metricsOf(provider: Provider): string {
  const { id, title, metrics, asks } = provider;
  const rows = metrics.map((metric) => {
    const range = metric.range ? ` ${shown(metric.range[0])} to ${shown(metric.range[1])}` : '';
    const unit = metric.unit ? `, ${metric.unit}` : '';
    const only = asks.filter((ask) => metricsOfAsk(ask, metrics).includes(metric));
    const where = only.length === asks.length ? '' : only.map((ask) => `\`${ask.id}\``).join(', ');
    return `| \`${metric.id}\` | ${metric.type}${range}${unit} | ${metric.meaning.replaceAll('|', '\\|')} | ${where} |`;
  });
  return [
    `### ${id}`,
    '',
    `${title}.`,
    '',
    '| number | type | meaning | only |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function shown(value: number): string {
  return value === Number.MAX_SAFE_INTEGER ? '2^53' : value.toLocaleString('en');
}
