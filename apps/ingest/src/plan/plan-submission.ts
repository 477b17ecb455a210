import type { Lane, LineCounts, SubmissionPlan, SubmissionState } from '@assay/contracts';
import type { Database } from '@assay/database';
import type { Provider } from '@assay/providers';
import type { IngestConfig } from '../ingest.config.js';
import { Refusal } from '../problem.js';
import { isId, unknownSubmission } from '../submission-id.js';
import type { StoredCeilings } from '../ceilings.js';
import { describeSpool } from './describe-spool.js';
import { askSources, type AskSource } from './ask-source.js';
import { planView, type PlanHead, type PlannedWork } from './plan-view.js';
import type { AskWork } from './provider-cost.js';
import { providerLoad, type Holding } from './provider-load.js';
import type { PermitRow } from './quota-left.js';
import { UnitSurveyor, type UnitSurvey } from './survey-units.js';
import { Turns } from './turns.js';

type Client = Parameters<Parameters<Database['transaction']>[0]>[0];

/** A plan of a million rows reads each of them for each surface: two at once leave room for the dispatcher. */
const AT_ONCE = 2;
const MOST_WAITING = 20;
/** Of one statement. A plan that takes longer than this is no answer any more. */
const STATEMENT_MS = 120_000;
/** Assumed: so many pages name an account of a network. */
const SHARE_WITH_HANDLE = 0.1;

interface SubmissionRow extends Record<string, unknown> {
  id: string;
  state: SubmissionState;
  lane: Lane;
  asks: string[];
  round1_ms: number;
  deadline_ms: number;
  patience_ms: number;
  max_age_ms: string | null;
  ceilings: StoredCeilings | null;
  lines: string;
  accepted: string;
  duplicate: string;
  rejected: string;
  dispatched: string;
  now_ms: number;
}

/** What a submission will take, computed from its spool; nothing is asked. */
export class PlanSubmission {
  readonly turns = new Turns(AT_ONCE, MOST_WAITING);

  constructor(
    private readonly config: IngestConfig,
    private readonly database: Database,
  ) {}

  /** @throws Refusal 404 for an unknown id, 409 once rows are on their way, 503 while too many wait for a plan */
  plan(id: string): Promise<SubmissionPlan> {
    if (!isId(id)) throw unknownSubmission(id);
    const turn = this.turns.take(() => this.#make(id));
    if (!turn)
      throw new Refusal(
        503,
        `Many plans are being made. Ask for this one again in a minute: GET /v1/submissions/${id}/plan.`,
      );
    return turn;
  }

  async #make(id: string): Promise<SubmissionPlan> {
    await describeSpool(this.database, id);
    return this.database.transaction((client) => this.#read(client, id));
  }

  async #read(client: Client, id: string): Promise<SubmissionPlan> {
    for (const text of [
      ONE_MOMENT,
      `SET LOCAL statement_timeout = ${STATEMENT_MS}`,
      `SET LOCAL work_mem = '64MB'`,
      'SET LOCAL jit = off',
    ])
      await client.query({ text });
    const found = await client.query<SubmissionRow>({ text: SUBMISSION, values: [id] });
    const row = found.rows[0];
    if (!row) throw unknownSubmission(id);
    const refusal = whyNot(row);
    if (refusal) throw new Refusal(409, refusal);
    const head = this.#head(row);
    const works = await this.#works(client, row, head);
    return planView(head, await this.#loads(client, works, head.now));
  }

  #head(row: SubmissionRow): PlanHead {
    return {
      id: row.id,
      state: row.state,
      lane: row.lane,
      counts: countsOf(row),
      round1Ms: row.round1_ms,
      deadlineMs: row.deadline_ms,
      patienceMs: row.patience_ms,
      ceilings: row.ceilings,
      inFlightRows: this.config.dispatch.inFlightRows,
      now: row.now_ms,
    };
  }

  async #works(client: Client, row: SubmissionRow, { counts, now }: PlanHead): Promise<AskWork[]> {
    const maxAgeMs = row.max_age_ms === null ? null : Number(row.max_age_ms);
    const surveyor = new UnitSurveyor(client, { submission: row.id, rows: counts.accepted, maxAgeMs, now });
    const works: AskWork[] = [];
    for (const source of askSources(row.asks, this.config.registry)) {
      const survey = source.likely === 'submitted' ? await surveyor.survey(source.ask) : undefined;
      works.push(workOf(source, counts.accepted, survey));
    }
    return works;
  }

  async #loads(client: Client, works: readonly AskWork[], now: number): Promise<PlannedWork[]> {
    const byProvider = new Map<Provider, AskWork[]>();
    for (const work of works)
      byProvider.set(work.ask.provider, [...(byProvider.get(work.ask.provider) ?? []), work]);
    const names = works.flatMap(({ keys }) => (keys.length === 1 ? keys.map(({ name }) => name) : []));
    const { rows } = await client.query<PermitRow & Record<string, unknown>>({
      text: PERMITS,
      values: [[...byProvider.keys()].map(({ id }) => id), [...new Set(names)]],
    });
    return [...byProvider].map(([provider, own]) => {
      const permits = rows.filter((row) => row.provider === provider.id);
      return {
        provider,
        works: own,
        load: providerLoad(provider, own, this.#holding(provider, permits), now),
      };
    });
  }

  #holding({ id }: Provider, permits: readonly PermitRow[]): Holding {
    const { credentials, limitsFactor } = this.config;
    return { credentials: credentials.get(id) ?? 0, factor: limitsFactor, permits };
  }
}

function workOf(source: AskSource, rows: number, survey: UnitSurvey | undefined): AskWork {
  const none = { ...source, rows, fresh: 0, unsupported: 0, units: 0, keys: [] };
  if (survey) return { ...none, ...survey };
  if (source.likely === 'none' || rows === 0) return none;
  const units = Math.ceil(rows * SHARE_WITH_HANDLE);
  const { provider, surface } = source.ask;
  // Which accounts is not known: of many instances each has a few.
  const spread = provider.concurrencyPerKey !== undefined;
  return {
    ...none,
    units,
    keys: [spread ? { units: 1, keys: units, name: surface } : { units, keys: 1, name: surface }],
  };
}

function countsOf({ lines, accepted, duplicate, rejected }: SubmissionRow): LineCounts {
  return {
    lines: Number(lines),
    accepted: Number(accepted),
    duplicate: Number(duplicate),
    rejected: Number(rejected),
  };
}

function whyNot({ state, dispatched }: SubmissionRow): string | undefined {
  if (state === 'receiving')
    return 'This submission is still arriving: ask for its plan when the upload has ended.';
  if (state === 'cancelled') return 'This submission is cancelled: nothing will be asked.';
  return Number(dispatched) > 0
    ? 'Rows of this submission are on their way already: a plan is made before the start. GET /v1/submissions/:id tells how far it is.'
    : undefined;
}

const ONE_MOMENT = 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY';

/** By the clock of the database, as everything a dispatch fixes. */
const SUBMISSION = `
SELECT id, state, lane, asks, round1_ms, deadline_ms, patience_ms, max_age_ms, ceilings, lines, accepted, duplicate,
  rejected, dispatched, (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now_ms
FROM submission WHERE id = $1`;

const PERMITS = `
SELECT provider, limit_key, credential, state FROM permit WHERE provider = ANY($1) AND limit_key = ANY($2)`;
