import type pg from 'pg';
import type { ProviderCounts } from '../harness/simulator-control.js';

/** Questions on the wire that one unit costs: five record types of a host. */
const LOOKUPS_PER_HOST = 5;
/** Redirects on one site here: to https, to or from www, to a new path or a new home. */
const MOST_HOPS = 4;
const PROVIDERS = ['page', 'dns', 'rdap', 'safebrowsing', 'openpagerank', 'moz'];

export type Questions = Record<string, number>;

/** Questions on the wire by provider that led to answers which are stored, each unit once. */
export async function storedQuestions(database: pg.Pool, since: Date): Promise<Questions> {
  const { rows } = await database.query<{ surface: string; units: string; hops: string | null }>(
    `SELECT surface, count(*) AS units, sum(hops) AS hops
       FROM (SELECT DISTINCT ON (surface, unit) surface, (numbers ->> 'redirect_count')::int + 1 AS hops
               FROM answer WHERE fetched_at >= $1 ORDER BY surface, unit) AS once
      GROUP BY surface`,
    [since],
  );
  const questions: Questions = {};
  for (const { surface, units, hops } of rows) {
    const provider = surface.split('.')[0]!;
    const asked =
      provider === 'page' ? Number(hops) : Number(units) * (provider === 'dns' ? LOOKUPS_PER_HOST : 1);
    questions[provider] = (questions[provider] ?? 0) + asked;
  }
  return questions;
}

/** Questions that the simulator has counted, by provider. */
export function countedQuestions(counts: Readonly<Record<string, ProviderCounts>>): Questions {
  return Object.fromEntries(PROVIDERS.map((provider) => [provider, counts[provider]?.units ?? 0]));
}

/**
 * Questions on the wire that a run may cost at most: those of its units, and once more those which had
 * been put when the process was killed and whose answers were not stored. A page without an answer
 * (robots, no reply) leaves nothing stored: its hops are allowed for twice, for its one retry.
 */
export function mostQuestions(stored: Questions, inFlight: Questions, pagesWithoutAnswer: number): Questions {
  return Object.fromEntries(
    PROVIDERS.map((provider) => {
      const unstored = provider === 'page' ? pagesWithoutAnswer * MOST_HOPS * 2 : 0;
      return [provider, (stored[provider] ?? 0) + (inFlight[provider] ?? 0) + unstored];
    }),
  );
}

export function minus(counted: Questions, stored: Questions): Questions {
  return Object.fromEntries(
    PROVIDERS.map((provider) => [provider, Math.max(0, (counted[provider] ?? 0) - (stored[provider] ?? 0))]),
  );
}
