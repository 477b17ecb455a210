import { openDatabase, type OpenDatabase } from '@assay/database';
import {
  createAskRuntime,
  postgresAnswers,
  shareAnswers,
  type CellResult,
  type Transport,
} from '@assay/fetching';
import { builtInProviders, type Provider, type ProviderReply } from '@assay/providers';
import { testDatabase, type TestPart } from '@assay/testing';
import { randomUUID } from 'node:crypto';
import { answer, keyOf } from './simulated-side.js';

// One unit that a provider refuses may fail the whole batch it stands in: the runtime asks in halves until it stands
// alone, for every provider that takes batches.

const UNITS = 9;
const BAD = 'popular-bad.com';
const BATCHING = builtInProviders.filter(({ batch }) => batch.size > 1);
let postgres: TestPart<string>;
let database: OpenDatabase;

beforeAll(async () => {
  postgres = await testDatabase();
  database = await openDatabase({ url: postgres.value, poolSize: 2, applicationName: 'formats-spec' });
});
afterAll(async () => {
  await database?.close();
  await postgres?.stop();
});

const REFUSED: ProviderReply = {
  kind: 'reply',
  status: 400,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from('{"error":"bad target"}'),
  truncated: false,
  ttfbMs: 1,
  totalMs: 1,
};

/** The simulated side, save that it refuses whatever holds the bad unit. */
function refusing(calls: string[]): Transport {
  return {
    send: (request) => {
      const text = `${request.url} ${request.body ?? ''}`;
      calls.push(text);
      return Promise.resolve(text.includes(BAD) ? REFUSED : answer(request));
    },
    close: () => Promise.resolve(),
  };
}

function unitOf(kind: string, name: string): string {
  if (kind === 'handle') return name.replace('.com', '');
  return kind === 'url' ? `https://${name}/` : name;
}

/** The first surface that stands in a batch with others. */
function questionsOf({ id, asks }: Provider) {
  const ask = id === 'bluesky' ? { surface: 'bluesky.profile', unit: 'domain' } : asks[0]!;
  const names = Array.from({ length: UNITS }, (_, at) => (at === 4 ? BAD : `popular-${at}.com`));
  return names.map((name) => ({ surface: ask.surface, unit: unitOf(ask.unit, name) }));
}

test.each(BATCHING.map((provider) => [provider.id, provider] as const))(
  '%s: eight of nine are answered, the ninth is failed(bad_request)',
  async (_id, provider) => {
    const calls: string[] = [];
    const quick = { ...provider, limits: [], batch: { size: provider.batch.size, lingerMs: 20 } };
    const runtime = createAskRuntime({
      provider: quick,
      transport: refusing(calls),
      answers: shareAnswers(postgresAnswers(database, randomUUID())),
      logger: { warn: () => undefined, error: () => undefined },
      keys: provider.auth.kind === 'key' ? [keyOf(provider)] : [],
      userAgent: 'Assay/0.1 (+https://assay.example/contact)',
    });
    const now = Date.now();
    const results: CellResult[] = await Promise.all(
      questionsOf(provider).map((question) =>
        runtime.ask({
          question,
          lane: 'bulk',
          expiresAt: now + 120_000,
          patienceMs: 30_000,
          dispatchedAt: now,
          submission: '01890000-0000-7000-8000-000000000001',
          gen: 0,
        }),
      ),
    );
    await runtime.stop();
    expect(results[4]).toMatchObject({ outcome: 'failed', detail: 'bad_request' });
    for (const [at, { outcome }] of results.entries())
      if (at !== 4) expect([at, outcome]).toEqual([at, expect.stringMatching(/^(ok|absent)$/)]);
    // Nine, then halves of what holds the bad one: five rounds at most, each of two batches.
    const batches = calls.length / Math.max(1, provider.id === 'dataforseo' ? 4 : 1);
    expect(batches).toBeLessThanOrEqual(9);
  },
);
