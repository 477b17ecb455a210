import type { MetricDefinition, MetricValue } from './provider.js';
import type { JsonObject } from './read-json.js';

const LONGEST_TEXT = 512;

export type NumbersRead = { readonly numbers: Record<string, MetricValue> } | { readonly fault: string };

/**
 * Metrics that stand under their own ids in an answer. Null and missing are left out; a value of another
 * type, not finite, beyond 2^53 or out of range makes the answer unusable: the fault names it.
 */
export function readNumbers(source: JsonObject, metrics: readonly MetricDefinition[]): NumbersRead {
  const numbers: Record<string, MetricValue> = {};
  for (const metric of metrics) {
    const value = Object.hasOwn(source, metric.id) ? source[metric.id] : undefined;
    if (value === undefined || value === null) continue;
    const fault = faultOf(value, metric);
    if (fault) return { fault };
    numbers[metric.id] = typeof value === 'string' ? value.slice(0, LONGEST_TEXT) : (value as MetricValue);
  }
  return { numbers };
}

/**
 * The number that a provider writes as text; an empty text is a missing one. Anything else stays as it is, for
 * `readNumbers` to judge.
 */
export function numeric(value: unknown): unknown {
  if (value === '') return undefined;
  return typeof value === 'string' && /^-?\d{1,30}(\.\d{1,30})?$/.test(value) ? Number(value) : value;
}

/** What is wrong with a value as this metric, in one line without the value itself; undefined when sane. */
export function faultOf(value: unknown, metric: MetricDefinition): string | undefined {
  if (!isOfType(value, metric.type)) return `${metric.id} is not ${article(metric.type)}`;
  if (typeof value !== 'number' || !metric.range) return undefined;
  const [min, max] = metric.range;
  return value < min || value > max ? `${metric.id} is out of range` : undefined;
}

function article(type: MetricDefinition['type']): string {
  return `${type === 'integer' ? 'an' : 'a'} ${type}`;
}

function isOfType(value: unknown, type: MetricDefinition['type']): boolean {
  if (type === 'integer') return Number.isSafeInteger(value);
  if (type === 'number') return Number.isFinite(value);
  if (type === 'boolean') return typeof value === 'boolean';
  if (type === 'date') return typeof value === 'string' && !Number.isNaN(Date.parse(value));
  return typeof value === 'string';
}
