import { randomUUID } from 'node:crypto';
import type { Provider, ProviderDefinition } from '@assay/providers';
import { postgresAnswers } from '../answers/postgres-answers.js';
import type { QueryPort } from '../answers/query-port.js';
import { createAskRuntime, type AskRuntime } from '../runtime/ask-runtime.js';
import { rankProvider } from '../runtime/runtime.fixture.js';
import { shareAnswers } from '../runtime/shared-answers.js';
import { KEY, type SpecRig } from '../runtime/spec-rig.fixture.js';
import { WorkerBeat } from './worker-beat.js';

export const DEAD_AFTER_MS = 1_500;
export const PRICED = { price: { perUnitMicroUsd: 250 }, retries: 0 } satisfies Partial<ProviderDefinition>;

type Query = Parameters<QueryPort['query']>[0];
const NEVER = new Promise<never>(() => undefined);

/** A way to the database that can be cut: what was under way is done there, and nobody hears of it. */
export class Wire implements QueryPort {
  cut = false;
  /** Called before each statement; what it throws is its failure. */
  before: (name: string) => void = () => undefined;
  /** Called after each statement; what it throws hides its result. */
  after: (name: string) => void = () => undefined;

  /** Told of each statement that failed there. */
  failed: (error: Error & { code?: string }) => void = () => undefined;

  constructor(private readonly database: QueryPort) {}

  async query<R extends Record<string, unknown>>(query: Query): Promise<{ rows: R[] }> {
    const name = query.name ?? '';
    this.before(name);
    if (this.cut) return NEVER;
    const result = await this.database.query<R>(query).catch((error: Error) => {
      this.failed(error);
      throw error;
    });
    this.after(name);
    return this.cut ? NEVER : result;
  }
}

export interface SpecProcess {
  readonly runtime: AskRuntime;
  readonly wire: Wire;
  readonly beat: WorkerBeat;
  readonly worker: string;
  /** As `kill -9` does: nothing of it is heard any more. */
  kill(): void;
}

/** A process of its own as far as others can see: its worker, its beat, its open calls. */
export async function startProcess(
  rig: SpecRig,
  given: Partial<ProviderDefinition> = PRICED,
  provider: Provider = rankProvider(given),
): Promise<SpecProcess> {
  const worker = randomUUID();
  const wire = new Wire(rig.database);
  const beat = new WorkerBeat(wire, {
    worker,
    providers: ['ranks'],
    deadAfterMs: DEAD_AFTER_MS,
    everyMs: 50,
  });
  await beat.start();
  const runtime = createAskRuntime({
    provider,
    transport: rig.stub.transport,
    answers: shareAnswers(postgresAnswers(wire, worker), Date.now, beat),
    logger: { warn: () => undefined, error: () => undefined },
    keys: [KEY],
    userAgent: 'Assay/test (+mailto:test@example.com)',
  });
  return { runtime, wire, beat, worker, kill: () => void (wire.cut = true) };
}

export async function stopProcess({ runtime, beat, wire }: SpecProcess): Promise<void> {
  if (wire.cut) return;
  await runtime.stop();
  await beat.stop();
}

export interface Ledger {
  readonly rows: number;
  readonly unknown: number;
  readonly open: number;
  /** Calls whose shares do not add up to their cost, or to their units. */
  readonly uneven: number;
  readonly openClaims: number;
}

export async function readLedger(rig: SpecRig): Promise<Ledger> {
  const { rows } = await rig.database.query<Record<keyof Ledger, number>>({
    text: `SELECT count(call.id)::int AS rows, count(*) FILTER (WHERE charged = 'unknown')::int AS unknown,
      count(*) FILTER (WHERE ended_at IS NULL)::int AS open,
      count(*) FILTER (WHERE call.cost_micro_usd IS DISTINCT FROM s.cost OR call.units IS DISTINCT FROM s.units)::int AS uneven,
      (SELECT count(*)::int FROM claim WHERE ended_at IS NULL) AS "openClaims"
      FROM call LEFT JOIN LATERAL (SELECT sum(cost_micro_usd) AS cost, sum(units) AS units FROM call_share
        WHERE call_share.call = call.id) s ON true`,
  });
  return rows[0]!;
}

/** Units that the provider was asked for more than once. */
export function askedTwice(rig: SpecRig): string[] {
  const units = rig.stub.calls.flatMap((call) => call.units);
  return units.filter((unit, at) => units.indexOf(unit) !== at);
}

export async function clearBooks(rig: SpecRig): Promise<void> {
  await rig.database.query({ text: 'TRUNCATE call, call_share, claim, budget, worker' });
}
