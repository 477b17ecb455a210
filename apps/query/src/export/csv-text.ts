import { stringify } from 'csv-stringify/sync';

/** A spreadsheet takes a cell that begins with one of these for a formula, also behind blanks. */
const FORMULA = /^[\s\u00a0]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;

/**
 * A value as a CSV cell. Texts that a spreadsheet would run get a `'` in front; numbers stay as they
 * are, negative ones too; what is missing stays empty, never 0.
 */
export function csvValue(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  if (typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return FORMULA.test(text) ? `'${text}` : text;
}

/** RFC 4180: CRLF between records, cells with comma, quote or line break in quotes. */
export function csvLines(records: readonly (readonly unknown[])[]): string {
  return stringify(
    records.map((record) => record.map(csvValue)),
    { record_delimiter: 'windows', quoted_match: /[\r\n]/ },
  );
}
