import type { Lane, Plan, Round2Requested, RowJoined } from '@assay/contracts';
import { chunkByBytes, jsonBytes, type Publisher } from '@assay/messaging';
import { joinedCells, type Joined } from './join-row.js';

/** What goes out about one row, after its state is committed. */
export interface Outgoing extends Joined {
  readonly seq: number;
  readonly partition: number;
}

const ROWS_PER_MESSAGE = 100;

type RequestedRow = Omit<Round2Requested['rows'][number], 'plan'>;
interface Requested {
  readonly row: RequestedRow;
  readonly plan: Plan;
  readonly planKey: string;
}

/** Publishes `round2.requested`, then `row.joined`, on each row's own partition; resolves when all is acknowledged. */
export async function sendJoined(
  publisher: Pick<Publisher, 'publish'>,
  lane: Lane,
  outgoing: readonly Outgoing[],
): Promise<void> {
  const sent: Promise<void>[] = [];
  for (const [partition, requested] of byPartition(outgoing))
    for (const chunk of chunkByBytes(requested, ROWS_PER_MESSAGE, undefined, sizeOf))
      sent.push(publisher.publish('round2.requested', lane, partition, messageOf(chunk), asksOf(chunk)));
  for (const one of outgoing)
    if (one.send) sent.push(publisher.publish('row.joined', lane, one.partition, rowJoined(one, one.send)));
  await Promise.all(sent);
}

function byPartition(outgoing: readonly Outgoing[]): Map<number, Requested[]> {
  const partitions = new Map<number, Requested[]>();
  for (const { seq, partition, state, asks } of outgoing) {
    if (asks.length === 0 || !state.row) continue;
    const requested = partitions.get(partition) ?? [];
    const row: RequestedRow = { seq, ...state.row, asks: [...asks] };
    requested.push({ row, plan: state.plan, planKey: JSON.stringify(state.plan) });
    partitions.set(partition, requested);
  }
  return partitions;
}

/** As if every row brought a plan of its own, which rows of many submissions do. */
function sizeOf({ row, planKey }: Requested): number {
  return jsonBytes(row) + planKey.length;
}

function messageOf(chunk: readonly Requested[]): Round2Requested {
  const plans: Plan[] = [];
  const indexes = new Map<string, number>();
  const rows = chunk.map(({ row, plan, planKey }) => {
    let index = indexes.get(planKey);
    if (index === undefined) {
      index = plans.push(plan) - 1;
      indexes.set(planKey, index);
    }
    return { plan: index, ...row };
  });
  return { v: 1, plans, rows };
}

function asksOf(chunk: readonly Requested[]): string[] {
  return [...new Set(chunk.flatMap(({ row }) => row.asks.map(({ ask }) => ask)))].sort();
}

function rowJoined({ seq, state }: Outgoing, sent: 'partial' | 'final'): RowJoined {
  const { plan, row, version } = state;
  return { v: 1, plan, seq, ...row, version, state: sent, cells: joinedCells(state) };
}
