/**
 * `npm run check:governor` runs every case at its whole size, `npm run test:e2e` in a short form: the same bounds,
 * fewer rows.
 */
export const WHOLE = process.env['GOVERNOR'] === 'whole';

export function sized(whole: number, short: number): number {
  return WHOLE ? whole : short;
}

/** One line of figures, for a person who reads a run. */
export function report(name: string, figures: object): void {
  console.log(`governor ${name}: ${JSON.stringify(figures)}`);
}
