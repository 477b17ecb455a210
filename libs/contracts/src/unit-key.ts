import { createHash } from 'node:crypto';

const LONGEST_PLAIN_UNIT = 200;

/** Short, stable name of a unit's value: the value itself up to 200 characters, `sha256:<hex>` of it beyond. */
export function unitKey(value: string): string {
  if (value.length <= LONGEST_PLAIN_UNIT) return value;
  return `sha256:${createHash('sha256').update(value).digest('hex')}`;
}
