import type { Plan } from '@assay/contracts';
import {
  RuntimeStopped,
  type AskRequest,
  type AskRuntime,
  type CellResult,
  type Wait,
} from '@assay/fetching';
import { GiveUp, MessageTooLarge } from '@assay/messaging';
import { createLogger } from '@assay/telemetry';
import { eventually } from '@assay/testing';
import { ParkedCells } from './parked-cells.js';
import type { ParkedRow } from './parked-row.js';
import type { ParkedTable, TakeWish } from './parked-table.js';
import { Places } from './places.js';
import { UnparkLoop } from './unpark-loop.js';

const logger = createLogger('spec', 'silent');
const NOW = 1_000_000;
const plan: Plan = {
  submission: '01900000-0000-7000-8000-000000000000',
  asks: { page: 0 },
  dispatchedAt: NOW,
  round1At: NOW + 102_000,
  deadlineAt: NOW + 202_000,
  graceMs: 60_000,
  patienceMs: 60_000,
};

function row(seq: number, given: Partial<ParkedRow> = {}): ParkedRow {
  return {
    ask: 'page',
    submission: plan.submission,
    seq,
    gen: 0,
    lane: 'bulk',
    partition: 1,
    limitKey: 'slow.test',
    unit: `https://slow.test/${seq}`,
    plan,
    row: { url: `https://slow.test/${seq}`, host: 'slow.test', domain: 'slow.test' },
    waitUntil: NOW + 60_000,
    expiresAt: NOW + 100_000,
    notBefore: NOW + 2_000,
    ...given,
  };
}

/** A promise and the ways to end it. */
function gate<T>() {
  let open!: (value: T) => void;
  let fail!: (error: Error) => void;
  const opened = new Promise<T>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { opened, open, fail };
}

/** A table that notes what is done to it, and gives each row once. */
class FakeTable {
  readonly done: string[] = [];
  readonly wishes: TakeWish[] = [];
  inserting: Promise<void> = Promise.resolve();

  constructor(private readonly rows: ParkedRow[]) {}

  any = () => Promise.resolve(true);
  tails = () => Promise.resolve(new Map());
  take = (wish: TakeWish) => {
    this.wishes.push(wish);
    return Promise.resolve(this.rows.splice(0));
  };
  insert = async (rows: readonly ParkedRow[]) => {
    await this.inserting;
    return this.#note('insert', rows);
  };
  remove = (rows: readonly ParkedRow[]) => this.#note('remove', rows);
  putBack = (rows: readonly ParkedRow[]) => this.#note('putBack', rows);
  release = (rows: readonly ParkedRow[]) => this.#note('release', rows);
  renew = (rows: readonly ParkedRow[]) => this.#note('renew', rows);

  #note(what: string, rows: readonly ParkedRow[]): Promise<void> {
    for (const { seq, limitKey, notBefore } of rows)
      this.done.push(`${what} ${seq} ${limitKey} ${notBefore - NOW}`);
    return Promise.resolve();
  }
}

const running: UnparkLoop[] = [];
afterEach(() => {
  for (const loop of running.splice(0)) loop.halt();
});

function setUp(rows: ParkedRow[], leaseMs = 60_000) {
  const table = new FakeTable(rows);
  const asked: AskRequest[] = [];
  const answer = gate<CellResult | Wait>();
  const sent = gate<void>();
  const runtime: Pick<AskRuntime, 'ask'> = {
    ask: ((request: AskRequest) => {
      asked.push(request);
      return answer.opened;
    }) as AskRuntime['ask'],
  };
  let assigned = [1];
  const sends: CellResult[] = [];
  const buried = gate<void>();
  const burials: string[] = [];
  const loop = new UnparkLoop({
    provider: 'page',
    asks: new Map([['page', { id: 'page', surface: 'page', round: 1, unit: 'url' }]]),
    table: table as unknown as ParkedTable,
    places: new Places(1_000, 100),
    runtime: runtime as AskRuntime,
    positions: { assigned: () => assigned },
    control: { paused: [], cancelled: [] },
    send: (_, result) => {
      sends.push(result);
      return sent.opened;
    },
    bury: ({ seq }, error) => {
      burials.push(`${seq} ${error.message}`);
      return buried.opened;
    },
    perKey: 3,
    leaseMs,
    logger,
    now: () => NOW,
  });
  loop.start();
  running.push(loop);
  const own = (partitions: number[]) => (assigned = partitions);
  return { loop, table, asked, answer, sent, sends, own, buried, burials };
}

const ok: CellResult = { outcome: 'absent', answer: 'x', at: NOW };

/** Resolves when the first of them is there. */
const some = (seen: () => readonly unknown[]) => eventually(seen, ({ length }) => length > 0);

test('a row is asked as one whose turn has come, and deleted only once the broker has its cell', async () => {
  const { loop, table, asked, answer, sent, sends, own } = setUp([row(1)]);
  await eventually(
    () => asked.length,
    (count) => count === 1,
  );
  expect(asked[0]).toMatchObject({ mayPark: true, unparked: true, patienceMs: 60_000, lane: 'bulk' });
  expect(asked[0]!.held!()).toBe(true);
  own([2]);
  expect(asked[0]!.held!()).toBe(false);
  answer.open(ok);
  await eventually(
    () => sends,
    ({ length }) => length === 1,
  );
  const looks = table.wishes.length;
  await eventually(
    () => table.wishes.length,
    (count) => count > looks,
  );
  expect(table.done).toEqual([]);
  sent.open();
  await some(() => table.done);
  expect(table.done).toEqual(['remove 1 slow.test 2000']);
  loop.halt();
  await loop.finish();
});

test('one that has to wait again is put back, and its key rests until then', async () => {
  const { loop, table, answer } = setUp([row(1)]);
  answer.open({ kind: 'wait', notBefore: NOW + 9_000, limitKey: 'slow.test', reason: 'quota' });
  await some(() => table.done);
  expect(table.done).toEqual(['putBack 1 slow.test 9000']);
  const looks = table.wishes.length;
  await eventually(
    () => table.wishes.length,
    (count) => count > looks,
  );
  expect(table.wishes.at(-1)!.closed).toEqual(['slow.test']);
  loop.halt();
  await loop.finish();
});

test('what a stopped runtime gives back is released: nobody waits for a lease that has no owner', async () => {
  const { loop, table, asked, answer } = setUp([row(1), row(2)]);
  await eventually(
    () => asked.length,
    (count) => count === 2,
  );
  loop.halt();
  answer.fail(new RuntimeStopped());
  await loop.finish();
  expect(table.done).toEqual(['release 1 slow.test 2000', 'release 2 slow.test 2000']);
});

test('a cell that was not acknowledged keeps its row', async () => {
  const { loop, table, answer, sent } = setUp([row(1)]);
  answer.open(ok);
  sent.fail(new Error('no broker'));
  await some(() => table.done);
  expect(table.done).toEqual(['release 1 slow.test 2000']);
  loop.halt();
  await loop.finish();
});

test.each([new GiveUp('contract', 'no'), new MessageTooLarge('metric.round1', 300_000)])(
  'one that no try would answer is deleted once its dead letter is written: %s',
  async (error) => {
    const { loop, table, answer, sent, buried, burials } = setUp([row(1)]);
    answer.open(ok);
    sent.fail(error);
    await some(() => burials);
    expect([burials, table.done]).toEqual([[`1 ${error.message}`], []]);
    buried.open();
    await some(() => table.done);
    expect(table.done).toEqual(['remove 1 slow.test 2000']);
    loop.halt();
    await loop.finish();
  },
);

test('where the dead letter could not be written the row stays', async () => {
  const { loop, table, answer, sent, buried, burials } = setUp([row(1)]);
  answer.open(ok);
  sent.fail(new GiveUp('contract', 'no'));
  buried.fail(new Error('no broker'));
  await some(() => burials);
  loop.halt();
  await loop.finish();
  expect(table.done).toEqual([]);
});

test('leases are renewed while their rows are in work', async () => {
  const { loop, table, answer } = setUp([row(1)], 90);
  await eventually(
    () => table.done,
    ({ length }) => length > 1,
  );
  expect(new Set(table.done)).toEqual(new Set(['renew 1 slow.test 2000']));
  loop.halt();
  answer.fail(new RuntimeStopped());
  await loop.finish();
});

const wait: Wait = { kind: 'wait', notBefore: NOW + 2_000, limitKey: 'slow.test', reason: 'provider_down' };

test('rows count as parked once they are committed, each in its place; one too late is told so instead', async () => {
  const table = new FakeTable([]);
  const committed = gate<void>();
  table.inserting = committed.opened;
  const cells = new ParkedCells({
    table: table as unknown as ParkedTable,
    places: new Places(1_000, 100),
    logger,
    now: () => NOW,
  });
  const results: unknown[] = [];
  const given = [
    row(1),
    row(2),
    row(3, { waitUntil: NOW + 3_500 }),
    row(4, { limitKey: '', notBefore: NOW + 50 }),
  ];
  const all = given.map((one) => cells.add(one, wait).then((result) => results.push(result)));
  expect(cells.expectedStart('slow.test', 'bulk')).toBe(0);
  await eventually(
    () => cells.expectedStart('slow.test', 'bulk'),
    (at) => at === NOW + 3_000,
  );
  expect(results).toEqual([]);
  committed.open();
  await Promise.all(all);
  expect(table.done).toEqual(['insert 1 slow.test 2000', 'insert 2 slow.test 3000', 'insert 4  50']);
  expect(results.filter(Boolean)).toEqual([
    { outcome: 'skipped', detail: 'provider_down', until: NOW + 4_000, at: NOW },
  ]);
});

test('what could not be committed is not parked', async () => {
  const table = new FakeTable([]);
  table.insert = () => Promise.reject(new Error('away'));
  const cells = new ParkedCells({
    table: table as unknown as ParkedTable,
    places: new Places(1_000, 100),
    logger,
    now: () => NOW,
  });
  await expect(cells.add(row(1), wait)).rejects.toThrow('away');
});
