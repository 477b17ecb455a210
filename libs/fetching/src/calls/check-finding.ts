import type { Facts } from '@assay/contracts';
import type { Finding, MetricDefinition, MetricValue } from '@assay/providers';

const MAX_TEXT = 8_192;
const ISO_DATE = /^\d{4}-\d{2}-\d{2}/;
/** Half of a surrogate pair, or NUL: PostgreSQL refuses both inside a text. */
const UNSTORABLE = /\p{Surrogate}|\0/gu;

export type MetricTable = ReadonlyMap<string, MetricDefinition>;

export function metricTable(metrics: readonly MetricDefinition[]): MetricTable {
  return new Map(metrics.map((metric) => [metric.id, metric]));
}

/** A finding as it may be stored: a number of the wrong type or out of its range makes it failed(malformed). */
export function checkFinding(finding: Finding, metrics: MetricTable): Finding {
  if (finding.outcome === 'skipped') return finding;
  const checked = finding.facts ? { ...finding, facts: checkFacts(finding.facts) } : finding;
  if (checked.outcome !== 'ok') return checked;
  let numbers = checked.numbers;
  for (const id of Object.keys(numbers)) {
    const value = numbers[id]!;
    const fault = faultOf(value, metrics.get(id));
    if (fault) return { outcome: 'failed', class: 'malformed', message: `${id} ${fault}` };
    if (typeof value === 'string') {
      const text = storable(value);
      if (text !== value) numbers = { ...numbers, [id]: text };
    }
  }
  const asOf = checked.asOf;
  return numbers === checked.numbers && (asOf === undefined || storable(asOf) === asOf)
    ? checked
    : { ...checked, numbers, ...(asOf === undefined ? {} : { asOf: storable(asOf) }) };
}

function faultOf(value: MetricValue, metric: MetricDefinition | undefined): string | undefined {
  if (!metric) return 'is not a metric of this provider';
  if (!hasType(value, metric.type)) return `is not of type ${metric.type}`;
  if (!metric.range || typeof value !== 'number') return undefined;
  const [min, max] = metric.range;
  return value < min || value > max ? `is outside ${min} to ${max}` : undefined;
}

function hasType(value: unknown, type: MetricDefinition['type']): boolean {
  switch (type) {
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return Number.isFinite(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'text':
      return typeof value === 'string' && value.length <= MAX_TEXT;
    case 'date':
      return typeof value === 'string' && ISO_DATE.test(value) && !Number.isNaN(Date.parse(value));
  }
}

function storable(text: string): string {
  return text.replace(UNSTORABLE, '\ufffd');
}

const MAX_AUTHOR = 512;
const MAX_HANDLE = 256;
const MAX_HANDLES = 16;

/** Facts that fit their contract: what is too long is left out, since half a URL is another URL. */
function checkFacts(facts: Facts): Facts {
  const checked: Facts = {};
  for (const name of ['finalUrl', 'finalHost', 'finalDomain', 'canonicalUrl'] as const) {
    const value = facts[name];
    if (value && value.length <= MAX_TEXT) checked[name] = storable(value);
  }
  if (facts.author) checked.author = storable(facts.author).slice(0, MAX_AUTHOR);
  if (facts.handles) checked.handles = checkHandles(facts.handles);
  return checked;
}

function checkHandles(handles: NonNullable<Facts['handles']>): NonNullable<Facts['handles']> {
  return Object.fromEntries(
    Object.entries(handles).map(([network, names]) => [
      storable(network),
      names
        .filter((name) => name.length <= MAX_HANDLE)
        .slice(0, MAX_HANDLES)
        .map(storable),
    ]),
  );
}
