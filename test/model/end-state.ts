import type { Attempt, JoinedCell } from '@assay/contracts';
import { stateOf, type CountRecord, type UrlRecord } from './tables.js';
import { countKey } from './sql/store-sql.js';
import type { World } from './world.js';
import { PARTITIONS } from './topics.js';
import { partitionOf } from '@assay/contracts';

/** Whether nothing is left to do; `settled`: reconciliation has looked at all that was dispatched, too. */
export function isOver(world: World, settled: boolean): boolean {
  return openOf(world, settled).length === 0;
}

/** All that is not final, owed, parked, unread or in work. */
export function openOf(world: World, settled: boolean): string[] {
  const { tables } = world;
  const open: string[] = [];
  const add = (many: Iterable<unknown>, what: (one: never) => string | false | undefined) => {
    for (const one of many) {
      const name = what(one as never);
      if (name) open.push(name);
    }
  };
  add(tables.submission.values(), isOpen);
  add(
    tables.dispatch.values(),
    (one: { sentAt?: number; takeOwed: boolean; settled: boolean; chunk: number }) =>
      one.sentAt === undefined || one.takeOwed || (settled && !one.settled)
        ? `owed dispatch ${one.chunk}`
        : undefined,
  );
  add(tables.pendingRow.values(), (row: Parameters<typeof stateOf>[0]) => {
    const { final, owed } = stateOf(row);
    const over = final && !owed && row.sweepAt === null && row.doneAt !== null;
    return over
      ? undefined
      : `pending row ${row.seq} (final ${final}, owed ${owed?.join()}, sweep ${row.sweepAt})`;
  });
  add(tables.parked.keys(), (key: string) => `parked ${key}`);
  for (const { lines, id } of tables.submission.values())
    add(lines, ({ seq }: { seq: string }) => {
      const row = tables.urlRow.get(`${id}/${seq}`);
      return row?.state === 'final' ? undefined : `row ${seq} is ${row?.state}`;
    });
  for (const member of world.members) if (member.busy) open.push(`${member.name} has messages in work`);
  for (const group of world.groups)
    for (const message of group.messages)
      for (let p = 0; p < PARTITIONS; p++) {
        const lag = world.topics.log(message, p).length - group.committed(message, p);
        if (lag > 0) open.push(`${group.name} has not read ${lag} of ${message}/${p}`);
      }
  return open;
}

function isOpen({ id, state, completedAt }: { id: string; state: string; completedAt?: number }) {
  if (state === 'complete' || (state === 'cancelled' && completedAt !== undefined)) return undefined;
  return `submission ${id.slice(-1)} is ${state}`;
}

/** What a reader sees of one row, without ids and the moments that chance decides. */
export function viewOf(world: World): Record<string, unknown> {
  return Object.fromEntries([...world.tables.urlRow].sort().map(([key, row]) => [key, viewOfRow(row)]));
}

function viewOfRow({ state, gen, url, cells, numbers }: UrlRecord): unknown {
  return { state, gen, url, cells: Object.fromEntries(Object.entries(cells).sort().map(cellView)), numbers };
}

function cellView([ask, cell]: [string, JoinedCell]): [string, unknown] {
  const view = ({ gen, outcome, detail, stale }: Attempt) => ({ gen, outcome, detail, stale });
  return [ask, { ...view(cell), last: cell.last && view(cell.last) }];
}

/** Where the counts are not those of a recount. */
export function wrongCounts({ tables }: World): string[] {
  const recount = new Map<string, number>();
  const add = (key: Omit<CountRecord, 'n'>) =>
    recount.set(countKey(key), (recount.get(countKey(key)) ?? 0) + 1);
  for (const { submission, domain, state, gen, cells } of tables.urlRow.values()) {
    const partition = partitionOf(domain ?? '', 0, PARTITIONS);
    add({ submission, partition, ask: '', outcome: state, detail: gen === 0 ? '' : String(gen) });
    for (const [ask, { outcome, detail = '' }] of Object.entries(cells))
      add({ submission, partition, ask, outcome, detail });
  }
  const names = new Set([...recount.keys(), ...tables.count.keys()]);
  return [...names].flatMap((name) => {
    const counted = tables.count.get(name)?.n ?? 0;
    const real = recount.get(name) ?? 0;
    return counted === real ? [] : [`counted ${counted}, there are ${real}: ${name}`];
  });
}
