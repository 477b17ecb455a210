import { appendFileSync } from 'node:fs';

/**
 * `npm run check:governor` runs every case at its whole size, `npm run test:governor` in a short form: the same bounds,
 * fewer rows. `npm run bench:governor` runs the first case at length.
 */
const SIZE = process.env['GOVERNOR'] ?? 'short';
export const WHOLE = SIZE !== 'short';

export function sized(whole: number, short: number, length = whole): number {
  if (SIZE === 'length') return length;
  return WHOLE ? whole : short;
}

/** One line of figures, for a person who reads a run, and for the file that GOVERNOR_FIGURES names. */
export function report(name: string, figures: object): void {
  const line = JSON.stringify({ case: name, ...figures });
  console.log(`governor: ${line}`);
  const file = process.env['GOVERNOR_FIGURES'];
  if (file) appendFileSync(file, `${line}\n`);
}
