import { hash } from 'node:crypto';

/** What stored answers are found by: one key per provider surface, adapter version, unit and options. */
export function answerKey(surface: string, version: number, unit: string, options = ''): string {
  const hex = hash('sha256', `${surface}|${version}|${unit}|${options}`, 'hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
