import { randomInt } from 'node:crypto';
import type { SubmissionAccepted, SubmissionView } from '@assay/contracts';
import { eventually } from '@assay/testing';
import { startSystem, type TestSystem } from '../harness/start-system.js';
import { BATCHES, cappedLists, TIMES_ASKED, type CappedList } from './capped-lists.js';
import { KillsInFlight } from './kills-in-flight.js';
import { spentBy, type Spent } from './ledger.js';
import { seeded } from './seeded.js';
import { report, sized } from './size.js';

const URLS = sized(800, 200);
const REPLICAS = 3;
const KILLS = 2;
const LISTS = cappedLists(URLS);
const PROVIDERS = LISTS.flatMap(({ providers, free }) => [...providers, ...free]);
/** Often enough to see a budget at its edge, seldom enough to leave the cores to who spends it. */
const LOOK_EVERY_MS = 200;
/** Nothing but the ceilings bounds a list. */
const WIDE = { permits: 10_000, perMs: 1_000, of: 'calls' as const };

let system: TestSystem;
const ids = new Map<string, string>();
const seen: [list: string, ledger: number, wire: number][] = [];

function settingsOf(provider: string): object {
  const size = BATCHES[provider];
  const batch = size === undefined ? {} : { batch: { size, lingerMs: 100 } };
  return { limits: [WIDE], concurrency: sized(12, 3), ...batch };
}

async function submit(list: CappedList): Promise<void> {
  const urls = Array.from(
    { length: URLS },
    (_, i) => `https://www.ordinary-${list.name}-${i % (URLS / 4)}.com/${i}`,
  );
  const body = {
    urls,
    lane: 'bulk',
    providers: [...list.providers, ...list.free],
    ceilings: list.ceilings(list.ceiling),
  };
  const response = await system.api.post(JSON.stringify(body), 'application/json');
  expect([list.name, response.status]).toEqual([list.name, 202]);
  ids.set(list.name, ((await response.json()) as SubmissionAccepted).id);
}

async function post(list: CappedList, verb: string, body: object): Promise<number> {
  const response = await fetch(`${system.api.address}/v1/submissions/${ids.get(list.name)}/${verb}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return response.status;
}

const spent = (list: CappedList): Promise<Spent> => spentBy(system.database, ids.get(list.name)!, list.of);

/** Resolves when the first list has spent that share of its ceiling. */
const spentShare = (share: number) =>
  eventually(
    () => spent(LISTS[0]!),
    (so) => so[LISTS[0]!.unit] >= share * LISTS[0]!.ceiling,
    60_000,
  );

/** Looks at ledger and simulator again and again until `work` is done. */
async function watched<T>(work: Promise<T>): Promise<T> {
  let done = false;
  const ends = work.finally(() => (done = true));
  ends.catch(() => undefined);
  for (let next = Date.now(); !done; next = Date.now() + LOOK_EVERY_MS) {
    await eventually(Date.now, (now) => now >= next);
    // The ledger is written before a call is made: looked at afterwards, it knows of all that were counted.
    const counts = await system.simulator.counts();
    for (const list of LISTS) seen.push([list.name, (await spent(list))[list.unit], list.spent(counts)]);
  }
  return ends;
}

const finished = (list: CappedList) => system.api.finished(ids.get(list.name)!, 120_000);
const reasonsOf = ({ asks }: SubmissionView, providers: readonly string[]) =>
  asks.filter(({ ask }) => providers.includes(ask.split('.')[0]!)).map(({ reasons }) => reasons);

beforeAll(async () => {
  system = await startSystem({
    providers: PROVIDERS,
    fetchers: Array.from({ length: REPLICAS }, () => [...PROVIDERS]),
    simulatorLatency: '100-400',
    limitsFactor: 1,
    providerSettings: Object.fromEntries(PROVIDERS.map((id) => [id, settingsOf(id)])),
  });
  for (const provider of PROVIDERS) await system.simulator.setLimits(provider);
}, 60_000);
afterAll(() => system?.stop());

test('no ceiling is ever passed, with three replicas and two kills', async () => {
  const seed = Number(process.env['SEED'] ?? randomInt(2 ** 31));
  console.log(`ceilings: SEED=${seed}`);
  const names = Object.keys(system.pids()).filter((name) => name.startsWith('fetcher.'));
  expect(names).toHaveLength(REPLICAS);
  for (const list of LISTS) await submit(list);
  const kills = new KillsInFlight(system, names, seeded(seed));
  const inFlight: number[] = [];
  const views = await watched(
    (async () => {
      for (let done = 0; done < KILLS; done = inFlight.filter((lost) => lost > 0).length) {
        await spentShare((done + 1) / (KILLS + 2));
        inFlight.push(await kills.kill());
      }
      return Promise.all(LISTS.map(finished));
    })(),
  );
  for (const [at, list] of LISTS.entries()) {
    const view = views[at]!;
    const mine = seen.filter(([name]) => name === list.name);
    const most = { ledger: Math.max(...mine.map(([, n]) => n)), wire: Math.max(...mine.map(([, , n]) => n)) };
    const { ceiling, wanted, unit } = list;
    report('ceiling', {
      list: list.name,
      unit,
      wanted,
      ceiling,
      ...most,
      looks: mine.length,
      inFlight,
      cells: view.cells,
    });
    for (const n of Object.values(most)) expect([list.name, n <= ceiling]).toEqual([list.name, true]);
    expect([list.name, most.ledger >= 0.9 * ceiling]).toEqual([list.name, true]);
    const { planned, ok, absent, failed, skipped } = view.cells;
    expect([list.name, ok + absent + failed + skipped]).toEqual([list.name, planned]);
    const reasons = reasonsOf(view, list.providers);
    expect(reasons.some((one) => 'skipped(budget)' in one)).toBe(true);
    for (const reason of reasons.flatMap((one) => Object.keys(one)))
      expect(['skipped(budget)', 'failed(network)']).toContain(reason);
    for (const one of reasonsOf(view, list.free)) expect(one).not.toHaveProperty('skipped(budget)');
  }
});

test('raised and retried, a list goes on where it stopped', async () => {
  const failed: number[] = [];
  for (const list of LISTS) {
    failed.push((await finished(list)).cells.failed);
    expect([list.name, await post(list, 'ceilings', list.ceilings(3 * list.ceiling))]).toEqual([
      list.name,
      200,
    ]);
    expect([list.name, await post(list, 'retry', { reasons: ['budget'] })]).toEqual([list.name, 202]);
  }
  const views = await watched(Promise.all(LISTS.map(finished)));
  const counts = await system.simulator.counts();
  for (const [at, list] of LISTS.entries()) {
    const { cells } = views[at]!;
    expect([list.name, cells.skipped, cells.failed]).toEqual([list.name, 0, failed[at]]);
    for (const provider of list.providers) {
      if (provider === 'tranco') continue;
      const { distinctUnits, admittedUnits } = counts[provider]!;
      const once = distinctUnits * (TIMES_ASKED[provider] ?? 1);
      expect([provider, Math.max(admittedUnits, once)]).toEqual([provider, once]);
    }
  }
});

test('what a submission cost is what its calls cost, to the cent', async () => {
  for (const list of LISTS) {
    const cost = await system.api.get<{
      total: { price: number; calls: number };
      providers: { provider: string; price: number; charged: { unknown: { price: number } } }[];
    }>(`/v1/submissions/${ids.get(list.name)}/cost`);
    const ledger = await spent(list);
    report('cost', { list: list.name, ...cost.total });
    expect([list.name, cost.total.price]).toEqual([list.name, ledger.callMicroUsd / 1e6]);
    expect([list.name, cost.total.price]).toEqual([list.name, ledger.microUsd / 1e6]);
    if (list.unit === 'calls') continue;
    // The simulator keeps no account: what it was asked is the least, what it may not have heard the most.
    const wire = list.spent(await system.simulator.counts()) / 1e6;
    const unknown = cost.providers.reduce((sum, { charged }) => sum + charged.unknown.price, 0);
    expect(cost.total.price).toBeGreaterThanOrEqual(wire);
    expect(cost.total.price).toBeLessThanOrEqual(wire + unknown + 1e-9);
  }
});
