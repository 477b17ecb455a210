import type { MetricDefinition, MetricType } from './provider.js';

type Range = readonly [min: number, max: number];

/** Largest count that a JSON number carries exactly. */
const LARGEST = Number.MAX_SAFE_INTEGER;

function metric(
  id: string,
  type: MetricType,
  unit: string,
  meaning: string,
  range?: Range,
): MetricDefinition {
  return range ? { id, type, unit, range, meaning } : { id, type, unit, meaning };
}

/** A whole number from 0, of `unit`. */
export const count = (id: string, unit: string, meaning: string, range: Range = [0, LARGEST]) =>
  metric(id, 'integer', unit, meaning, range);
export const score = (id: string, meaning: string, range: Range) => metric(id, 'number', '', meaning, range);
export const flag = (id: string, meaning: string) => metric(id, 'boolean', '', meaning);
export const text = (id: string, meaning: string) => metric(id, 'text', '', meaning);
export const date = (id: string, meaning: string) => metric(id, 'date', '', meaning);
