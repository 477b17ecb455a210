import type { Finding, Provider, ProviderDefinition, ProviderRequest, Question } from '@assay/providers';
import { questionKey } from '@assay/providers';
import { answerAll, rankProvider } from './runtime.fixture.js';
import { SpecRig, wish } from './spec-rig.fixture.js';

let rig: SpecRig;

beforeAll(async () => {
  rig = await SpecRig.open();
});
afterEach(() => rig.reset());
afterAll(() => rig.close());

const OK: Finding = { outcome: 'ok', numbers: { rank: 1 } };
const SERVER: Finding = { outcome: 'failed', class: 'server', message: 'step' };
const CALLS = { permits: 5, perMs: 1_000, of: 'calls' as const };

const step = (unit: string, nth: number): ProviderRequest => ({
  method: 'GET',
  url: `http://ranks.test/${unit}/${nth}`,
});

/** Asks twice for each question, one after the other; an HTTP error ends it. */
function twice(given: Partial<ProviderDefinition>, request: Partial<ProviderRequest> = {}): Provider {
  return {
    ...(rankProvider({ retries: 0, ...given }) as ProviderDefinition),
    *steps([question]) {
      for (const nth of [1, 2]) {
        const [reply] = yield [{ ...step(question!.unit, nth), ...request }];
        if (reply?.kind !== 'reply' || reply.status !== 200)
          return new Map([[questionKey(question!), SERVER]]);
      }
      return new Map([[questionKey(question!), OK]]);
    },
  };
}

/** One call for each surface of a batch. */
function bySurface(given: Partial<ProviderDefinition>): Provider {
  const surfaces = (questions: readonly Question[]) => [...new Set(questions.map(({ surface }) => surface))];
  return {
    ...(rankProvider({ retries: 0, ...given }) as ProviderDefinition),
    asks: ['ranks', 'ranks.old'].map((id) => ({ id, surface: id, round: 1, unit: 'domain' })),
    canary: { surface: 'ranks', unit: 'wikipedia.org' },
    request: (questions) => surfaces(questions).map((surface, nth) => step(surface, nth)),
    parse: (_, questions) => new Map(questions.map((question) => [questionKey(question), OK])),
  };
}

/** When requests arrive from now on. */
function arrivals(): number[] {
  const arrived: number[] = [];
  rig.stub.answer = (...given) => {
    arrived.push(Date.now());
    answerAll(...given);
  };
  return arrived;
}

/** The most that arrived within so many ms; a twentieth is left to the way. */
const mostWithin = (arrived: readonly number[], ms: number) =>
  Math.max(...arrived.map((from) => arrived.filter((at) => at >= from && at < from + ms * 0.95).length));

const patient = () => ({ lane: 'bulk' as const, patienceMs: 20_000, expiresAt: Date.now() + 20_000 });

test('each request of a conversation is on a permit: two steps a question do not pass the limit', async () => {
  const arrived = arrivals();
  const runtime = rig.start({}, twice({ limits: [CALLS], concurrency: 4 }));
  const units = Array.from({ length: 7 }, () => rig.newUnit());
  const results = await Promise.all(units.map((unit) => runtime.ask(wish(unit, patient()))));
  expect(results.map(({ outcome }) => outcome)).toEqual(units.map(() => 'ok'));
  expect(arrived).toHaveLength(14);
  expect(mostWithin(arrived, 1_000)).toBeLessThanOrEqual(5);
});

test('a redirect within a host is followed at once, and the next start there is so much later', async () => {
  const arrived = arrivals();
  const limits = [{ ...CALLS, permits: 2 }];
  const runtime = rig.start({}, twice({ limits, concurrency: 4 }, { foreign: true }));
  const results = await Promise.all([1, 2, 3].map(() => runtime.ask(wish(rig.newUnit(), patient()))));
  expect(results.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok']);
  expect(arrived[1]! - arrived[0]!).toBeLessThan(300);
  // One start was given out before anybody knew; no more than that.
  expect(mostWithin(arrived.slice(2), 1_000)).toBeLessThanOrEqual(2);
});

test('what has begun goes before what has not', async () => {
  const runtime = rig.start({}, twice({ limits: [CALLS], concurrency: 1 }));
  const units = Array.from({ length: 4 }, () => rig.newUnit());
  await Promise.all(units.map((unit) => runtime.ask(wish(unit, patient()))));
  const steps = units.flatMap((unit) => [`/${unit}/1`, `/${unit}/2`]);
  expect(rig.stub.calls.map(({ path }) => path)).toEqual(steps);
});

test('who tries a provider that was down asks all it must: there is one right to try', async () => {
  const breaker = { volume: 1, errorPercent: 1, coolOffMs: 300 };
  const runtime = rig.start({}, twice({ limits: [{ ...CALLS, permits: 1 }], breaker }));
  rig.stub.answer = (_, response) => response.writeHead(500).end();
  expect(await runtime.ask(wish(rig.newUnit(), patient()))).toMatchObject({ outcome: 'failed' });
  const arrived = arrivals();
  expect(await runtime.ask(wish(rig.newUnit(), patient()))).toMatchObject({ outcome: 'ok' });
  expect(arrived[1]! - arrived[0]!).toBeLessThan(500);
  expect(await runtime.ask(wish(rig.newUnit(), patient()))).toMatchObject({ outcome: 'ok' });
  // The second of the two was owed.
  expect(arrived[2]! - arrived[0]!).toBeGreaterThanOrEqual(1_900);
});

test('a conversation that has begun is not given up for want of patience', async () => {
  const runtime = rig.start({}, twice({ limits: [{ ...CALLS, permits: 1 }], concurrency: 4 }));
  const ask = () => runtime.ask(wish(rig.newUnit(), { ...patient(), patienceMs: 500 }));
  const [first, second] = await Promise.all([ask(), ask()]);
  expect(first).toMatchObject({ outcome: 'ok' });
  expect(second).toMatchObject({ outcome: 'skipped', detail: 'quota' });
});

test('who stops lets it end that has begun, its further steps included', async () => {
  const runtime = rig.start({}, twice({ limits: [{ ...CALLS, permits: 1 }] }));
  let stopping: Promise<void> | undefined;
  rig.stub.answer = (...given) => {
    stopping ??= runtime.stop();
    answerAll(...given);
  };
  const since = Date.now();
  expect(await runtime.ask(wish(rig.newUnit(), patient()))).toMatchObject({ outcome: 'ok' });
  await stopping;
  expect(Date.now() - since).toBeLessThan(3_000);
});

test('a batch that may take two calls waits until both may go, whatever the batch before it took', async () => {
  const arrived = arrivals();
  const limits = [{ permits: 2, perMs: 2_000, of: 'calls' as const }];
  const runtime = rig.start({}, bySurface({ limits, batch: { size: 10, lingerMs: 20 } }));
  const ask = (surface: string) => {
    const unit = rig.newUnit();
    return runtime.ask({ ...wish(unit, patient()), question: { surface, unit } });
  };
  await ask('ranks');
  await Promise.all([ask('ranks'), ask('ranks.old')]);
  expect(arrived).toHaveLength(3);
  expect(mostWithin(arrived, 2_000)).toBeLessThanOrEqual(2);
});
