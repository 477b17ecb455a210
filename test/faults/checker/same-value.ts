/** Whole days since or until a date: another one may begin between the answer and the truth. */
const DAYS = /^(age_days|days_to_expiry|days_since_change)$/;
/** Of a page: depend on the moment or on how a text is read, or belong to what is no page. The truth need not tell them. */
const UNTOLD: ReadonlySet<string> = new Set([
  ...['ttfb_ms', 'total_ms', 'text_ratio', 'poison_word_count', 'canonical_off_site', 'meta_refresh_count'],
  ...['bytes', 'problem'],
]);

/** Metrics of which the found number is not the truth's, or that the truth has not, or that are left out. */
export function differingMetrics(
  found: Readonly<Record<string, unknown>>,
  truth: Readonly<Record<string, unknown>>,
): string[] {
  const names = new Set([...Object.keys(truth), ...Object.keys(found)]);
  return [...names].filter((name) => {
    if (name in truth) return !same(name, found[name], truth[name]);
    return !UNTOLD.has(name);
  });
}

function same(metric: string, found: unknown, value: unknown): boolean {
  if (found === value) return true;
  if (found === undefined || found === null) return false;
  if (DAYS.test(metric)) return Math.abs(Number(found) - Number(value)) <= 1;
  const areTexts = typeof value === 'string' && typeof found === 'string';
  return areTexts && metric.endsWith('_at') && Date.parse(found) === Date.parse(value);
}

/** Equal as JSON, whatever the order of names. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [one, other] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => name in other && sameJson(one[name], other[name]))
  );
}
