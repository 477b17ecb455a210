import type { Struck } from './strike.js';

const EXIT_WITHIN_MS = 10_000;

/** Asked to end under load, a process of ours says goodbye with 0 in time; parts have ways of their own. */
export function lateExits(struck: readonly Struck[]): string[] {
  return struck.flatMap(({ victim, exit }) => {
    if (!exit || victim === 'broker' || victim === 'postgres') return [];
    if (exit.ms > EXIT_WITHIN_MS) return [`${victim} took ${exit.ms} ms to end`];
    return exit.how.includes('code 0') ? [] : [`${victim} did not end with 0: ${exit.how}`];
  });
}
