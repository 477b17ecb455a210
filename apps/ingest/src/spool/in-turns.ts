import type { Database } from '@assay/database';
import { Turns } from '../plan/turns.js';

/**
 * The same database, with so many transactions at once and the others in line: uploads that wait for a slow table must
 * not hold every connection, of which dispatch and control need some.
 */
export function inTurns(database: Database, atOnce: number): Database {
  const turns = new Turns(atOnce, Infinity);
  return {
    query: (query) => database.query(query),
    transaction: (work) => turns.take(() => database.transaction(work))!,
  };
}
