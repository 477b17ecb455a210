import type { Struck } from './strike.js';

const EXIT_WITHIN_MS = 10_000;
const HINDERS: ReadonlySet<Struck['fault']> = new Set(['sigkill', 'sigstop']);

/**
 * Asked to end under load, a process of ours says goodbye with 0 in time; parts have ways of their own, and so has a process
 * that is killed or stopped while it ends.
 */
export function lateExits(struck: readonly Struck[]): string[] {
  const hindered = (victim: Struck['victim']) =>
    struck.some((other) => other.victim === victim && HINDERS.has(other.fault));
  return struck.flatMap(({ victim, exit }) => {
    if (!exit || hindered(victim) || victim === 'broker' || victim === 'postgres') return [];
    if (exit.ms > EXIT_WITHIN_MS) return [`${victim} took ${exit.ms} ms to end`];
    return exit.how.includes('code 0') ? [] : [`${victim} did not end with 0: ${exit.how}`];
  });
}
