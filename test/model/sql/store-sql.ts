import type { Statements } from '../database.js';
import type { CountRecord, Tables, UrlRecord } from '../tables.js';

interface Given {
  readonly submission: string;
  readonly seq: number;
  readonly partition: number;
  readonly url?: string;
  readonly host?: string;
  readonly domain?: string;
}

const key = ({ submission, seq }: { submission: string; seq: number }) => `${submission}/${seq}`;

/** The statements of apps/store, by their names. */
export const storeSql: Statements = {
  'insert-waiting-rows': {
    run: ({ tables }, [records]: [string]) => {
      for (const given of JSON.parse(records) as Given[]) insertWaiting(tables, given);
      return [];
    },
  },
  'lock-url-rows': {
    run: ({ tables }, [submissions, seqs]: [string[], number[]]) =>
      submissions.flatMap((submission, i) => tables.urlRow.get(key({ submission, seq: seqs[i]! })) ?? []),
  },
  'write-url-rows': {
    run: ({ tables }, [records]: [string]) =>
      (JSON.parse(records) as UrlRecord[]).filter((row) => {
        const known = tables.urlRow.get(key(row));
        if (known && known.version >= row.version) return false;
        const { submission, seq, version, gen, state, url, host, domain, cells, numbers } = row;
        const written = { submission, seq, version, gen, state, url, host, domain, cells, numbers };
        tables.urlRow.set(key(row), written);
        return true;
      }),
  },
  'add-counts': {
    run: ({ tables }, [records]: [string]) => {
      for (const change of JSON.parse(records) as CountRecord[]) addCount(tables, change);
      return [];
    },
  },
  'read-answers': {
    reads: true,
    run: ({ tables }, [ids]: [string[]]) =>
      ids.flatMap((id) => {
        const answer = tables.answer.get(id);
        return answer ? [{ id, numbers: answer.numbers }] : [];
      }),
  },
};

function insertWaiting(tables: Tables, given: Given): void {
  if (tables.urlRow.has(key(given))) return;
  const { submission, seq, partition, url = null, host = null, domain = null } = given;
  const empty = { version: 0, gen: 0, state: 'waiting', cells: {}, numbers: {} } as const;
  tables.urlRow.set(key(given), { submission, seq, ...empty, url, host, domain });
  addCount(tables, { submission, partition, ask: '', outcome: 'waiting', detail: '', n: 1 });
}

export function countKey({ submission, partition, ask, outcome, detail }: Omit<CountRecord, 'n'>): string {
  return [submission, partition, ask, outcome, detail].join(' ');
}

function addCount({ count }: Tables, change: CountRecord): void {
  const name = countKey(change);
  count.set(name, { ...change, n: (count.get(name)?.n ?? 0) + change.n });
}
