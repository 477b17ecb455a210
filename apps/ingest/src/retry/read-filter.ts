import {
  FAILURE_CLASSES,
  isLasting,
  OUTCOMES,
  RetryFilter,
  SKIP_REASONS,
  type Outcome,
  type OutcomeDetail,
} from '@assay/contracts';
import { faultsOf } from '../read-options.js';

/** Outcomes that a cell must have ended with: `failed/timeout`, `ok/`. */
export type Kind = `${Outcome}/${OutcomeDetail | ''}`;

const KNOWN = { outcomes: OUTCOMES, classes: FAILURE_CLASSES, reasons: SKIP_REASONS } as const;
const FIELDS = Object.keys(RetryFilter.schema.properties);

export type ReadFilter =
  { readonly ok: true; readonly filter: RetryFilter } | { readonly ok: false; readonly fault: string };

/** The filter that a body's text holds, empty for no text; or what is wrong with it and what there is. */
export function readFilter(text: string): ReadFilter {
  const value = text.trim() === '' ? {} : parse(text);
  if (value === undefined)
    return { ok: false, fault: `The body is not JSON. Send a filter such as ${EXAMPLE}, or none.` };
  if (RetryFilter.check(value)) {
    const fault = contradiction(value);
    return fault ? { ok: false, fault } : { ok: true, filter: value };
  }
  return { ok: false, fault: faultOf(value) };
}

const EXAMPLE = '{"outcomes":["failed"],"classes":["timeout"]}';

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function faultOf(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return `The body must be a JSON object: a filter such as ${EXAMPLE}.`;
  for (const [field, names] of Object.entries(value)) {
    const fault = faultOfField(field, names);
    if (fault) return fault;
  }
  return `The filter is not usable: ${faultsOf(RetryFilter, value)}.`;
}

function faultOfField(field: string, names: unknown): string | undefined {
  if (!FIELDS.includes(field))
    return `There is no field "${field.slice(0, 64)}" in a filter. Known: ${FIELDS.join(', ')}.`;
  const known: readonly string[] | undefined = KNOWN[field as keyof typeof KNOWN];
  const example = JSON.stringify({ [field]: [known?.[0] ?? 'page'] });
  const which = known ? ` Known: ${known.join(', ')}.` : '';
  if (!Array.isArray(names)) return `${field} must be a list, such as ${example}.${which}`;
  if (names.length === 0)
    return `${field} is an empty list: name at least one, such as ${example}, or leave it out.${which}`;
  const unknown: unknown = known && names.find((name) => !known.includes(name as string));
  if (unknown === undefined) return undefined;
  return `There is no "${String(unknown).slice(0, 64)}" among ${field}.${which}`;
}

/** What can match nothing whatever was asked is a mistake, not an empty result. */
function contradiction({ outcomes, classes, reasons }: RetryFilter): string | undefined {
  if (classes && outcomes && !outcomes.includes('failed'))
    return 'Classes are those of failed cells: add failed to outcomes, or leave classes out.';
  if (reasons && outcomes && !outcomes.includes('skipped'))
    return 'Reasons are those of skipped cells: add skipped to outcomes, or leave reasons out.';
  return undefined;
}

/**
 * Which ends of a cell match: failed and skipped where the filter names no outcomes; of skipped not those
 * that would only end the same again, unless named. Classes alone mean failed cells, reasons alone skipped ones.
 */
export function kindsOf({ outcomes = ['failed', 'skipped'], classes, reasons }: RetryFilter): Kind[] {
  const failed = classes ?? (reasons ? [] : FAILURE_CLASSES);
  const skipped = reasons ?? (classes ? [] : SKIP_REASONS.filter((reason) => !isLasting(reason)));
  return [...new Set(outcomes)].flatMap((outcome): Kind[] => {
    if (outcome === 'failed') return failed.map((detail): Kind => `failed/${detail}`);
    if (outcome === 'skipped') return skipped.map((detail): Kind => `skipped/${detail}`);
    return [`${outcome}/`];
  });
}
