import { randomUUID } from 'node:crypto';
import { openDatabase, type OpenDatabase } from '@assay/database';
import type { Provider, ProviderDefinition } from '@assay/providers';
import { testDatabase, type TestPart } from '@assay/testing';
import { postgresAnswers } from '../answers/postgres-answers.js';
import type { AskRequest, StateChange } from './ask.js';
import { createAskRuntime, type AskRuntime } from './ask-runtime.js';
import type { RuntimeSettings } from './runtime-settings.js';
import { shareAnswers } from './shared-answers.js';
import { answerAll, rankProvider, startStub, type Stub } from './runtime.fixture.js';

export const KEY = 'sim-secret';

/** Runtimes on a real PostgreSQL, asking a stub over a real transport. */
export class SpecRig {
  states: StateChange[] = [];
  logged = '';
  /** Of the runtime started last. */
  worker = '';
  readonly #running: AskRuntime[] = [];
  #units = 0;

  private constructor(
    readonly stub: Stub,
    readonly database: OpenDatabase,
    private readonly postgres: TestPart<string>,
  ) {}

  static async open(): Promise<SpecRig> {
    const postgres = await testDatabase();
    const database = await openDatabase({
      url: postgres.value,
      poolSize: 4,
      applicationName: 'fetching-spec',
    });
    return new SpecRig(await startStub(), database, postgres);
  }

  /** After each test: nothing runs, the stub answers everything again. */
  async reset(): Promise<void> {
    await Promise.all(this.#running.splice(0).map((runtime) => runtime.stop()));
    this.stub.answer = answerAll;
    this.stub.calls.length = 0;
    this.states = [];
    this.logged = '';
  }

  async close(): Promise<void> {
    await this.stub.stop();
    await this.database.close();
    await this.postgres.stop();
  }

  start(
    given: Partial<ProviderDefinition> = {},
    provider: Provider = rankProvider(given),
    keys: readonly string[] = [KEY],
    settings: Partial<RuntimeSettings> = {},
  ): AskRuntime {
    const log = (fields: object, message: string) => void (this.logged += JSON.stringify(fields) + message);
    this.worker = randomUUID();
    const runtime = createAskRuntime({
      provider,
      transport: this.stub.transport,
      answers: shareAnswers(postgresAnswers(this.database, this.worker)),
      logger: { warn: log, error: log },
      keys,
      userAgent: 'Assay/test (+mailto:test@example.com)',
      onState: (change) => this.states.push(change),
      ...settings,
    });
    this.#running.push(runtime);
    return runtime;
  }

  /** A unit nobody has asked about. */
  newUnit(): string {
    return `unit-${++this.#units}.test`;
  }

  async answerRows(unit: string) {
    const { rows } = await this.database.query<{ id: string; numbers: unknown; outcome: string }>({
      text: 'SELECT id, numbers, outcome FROM answer WHERE unit = $1',
      values: [unit],
    });
    return rows;
  }
}

export function wish(unit: string, given: Partial<AskRequest> = {}): AskRequest {
  const now = Date.now();
  return {
    question: { surface: 'ranks', unit },
    lane: 'express',
    expiresAt: now + 10_000,
    patienceMs: 5_000,
    dispatchedAt: now,
    submission: '01890000-0000-7000-8000-000000000001',
    gen: 0,
    ...given,
  };
}
