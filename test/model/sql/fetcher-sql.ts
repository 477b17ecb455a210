import type { ParkedRow } from '../../../apps/fetcher/src/parking/parked-row.js';
import type { Statement, Statements } from '../database.js';
import type { ParkedRecord } from '../tables.js';

const keyOf = (provider: string, { ask, submission, seq }: Pick<ParkedRow, 'ask' | 'submission' | 'seq'>) =>
  [provider, ask, submission, Number(seq)].join(' ');

/** Those that change rows only of the given owner, in the generation that was taken. */
function owned(change: (record: ParkedRecord, row: ParkedRow) => ParkedRecord | undefined): Statement {
  return {
    run: ({ tables }, [records, provider, owner]: [string, string, string]) => {
      for (const row of JSON.parse(records) as ParkedRow[]) {
        const name = keyOf(provider, row);
        const known = tables.parked.get(name);
        if (!known || known.leaseOwner !== owner || known.gen !== row.gen) continue;
        const next = change(known, row);
        if (next) tables.parked.set(name, next);
        else tables.parked.delete(name);
      }
      return [];
    },
  };
}

/** The statements of apps/fetcher over table `parked`, by their names. */
export const fetcherSql: Statements = {
  'fetcher.parked.insert': {
    run: ({ tables }, [records, provider]: [string, string]) => {
      for (const row of JSON.parse(records) as ParkedRow[]) {
        const name = keyOf(provider, row);
        tables.parked.set(name, parkedAgain(tables.parked.get(name), row, provider));
      }
      return [];
    },
  },
  'fetcher.parked.any': {
    reads: true,
    run: ({ tables }, [provider, partitions]: [string, number[]]) => [
      {
        any: [...tables.parked.values()].some(
          (row) => row.provider === provider && partitions.includes(row.partition),
        ),
      },
    ],
  },
  'fetcher.parked.take': {
    run: ({ tables, now }, values: unknown[]) => {
      const [provider, owner, leaseMs, aheadMs, partitions, asks, , , , paused] = values as [
        ...[string, string, number, number, number[], string[]],
        ...[string[], number, number, string[], string[]],
      ];
      const taken: ParkedRecord[] = [];
      for (const [name, row] of tables.parked) {
        if (row.provider !== provider || row.leaseUntil > now) continue;
        if (!partitions.includes(row.partition) || !asks.includes(row.ask)) continue;
        const resumed = row.limitKey === '' && !paused.includes(row.submission);
        if (!resumed && row.notBefore > now + (row.limitKey === '' ? 0 : aheadMs)) continue;
        const leased = { ...row, leaseOwner: owner, leaseUntil: now + leaseMs };
        tables.parked.set(name, leased);
        taken.push(leased);
      }
      return taken;
    },
  },
  'fetcher.parked.remove': owned(() => undefined),
  'fetcher.parked.put-back': owned((record, { limitKey, notBefore, waitUntil }) => ({
    ...record,
    ...{ limitKey, notBefore, waitUntil, leaseOwner: undefined, leaseUntil: 0 },
  })),
  'fetcher.parked.release': owned((record) => ({ ...record, leaseOwner: undefined, leaseUntil: 0 })),
};

/** A message that comes again moves nothing back in its line; a newer generation takes the place. */
function parkedAgain(known: ParkedRecord | undefined, row: ParkedRow, provider: string): ParkedRecord {
  const fresh = { ...row, provider, leaseOwner: undefined, leaseUntil: 0 };
  if (!known || row.gen > known.gen) return fresh;
  if (row.gen < known.gen) return known;
  return {
    ...known,
    plan: row.expiresAt > known.expiresAt ? row.plan : known.plan,
    partition: row.partition,
    unit: row.unit,
    waitUntil: Math.max(known.waitUntil, row.waitUntil),
    expiresAt: Math.max(known.expiresAt, row.expiresAt),
    notBefore: Math.min(known.notBefore, row.notBefore),
  };
}
