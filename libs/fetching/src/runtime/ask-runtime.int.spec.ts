import { questionKey, type Findings, type Question } from '@assay/providers';
import { answerAll, rankProvider } from './runtime.fixture.js';
import { SpecRig, wish } from './spec-rig.fixture.js';

let rig: SpecRig;

beforeAll(async () => {
  rig = await SpecRig.open();
});
afterEach(() => rig.reset());
afterAll(() => rig.close());

const lastingFailure =
  (message: string) =>
  (_: unknown, questions: readonly Question[]): Findings =>
    new Map(
      questions.map((question) => [
        questionKey(question),
        { outcome: 'failed', class: 'network', message, lasting: true },
      ]),
    );

const newUnit = () => rig.newUnit();

test('an answer is committed before it is given; absent is an answer too', async () => {
  const runtime = rig.start();
  const unit = newUnit();
  const result = await runtime.ask(wish(unit));
  expect(result).toMatchObject({ outcome: 'ok' });
  expect(await rig.answerRows(unit)).toEqual([
    { id: result.answer, numbers: { rank: unit.length }, outcome: 'ok' },
  ]);
  rig.stub.answer = (_, response) => response.writeHead(404).end();
  const none = await runtime.ask(wish(newUnit()));
  expect(none).toMatchObject({ outcome: 'absent', answer: expect.any(String) as string });
});

test('many rows of one unit are one call, and later rows use its answer until it is too old for them', async () => {
  const runtime = rig.start();
  const unit = newUnit();
  const results = await Promise.all(Array.from({ length: 500 }, () => runtime.ask(wish(unit))));
  expect(new Set(results.map(({ answer }) => answer)).size).toBe(1);
  expect(rig.stub.calls).toHaveLength(1);
  expect((await runtime.ask(wish(unit))).answer).toBe(results[0]!.answer);
  expect((await rig.start().ask(wish(unit))).answer).toBe(results[0]!.answer);
  expect(rig.stub.calls).toHaveLength(1);
  const newer = await runtime.ask(wish(unit, { maxAgeMs: 0, dispatchedAt: Date.now() + 1_000 }));
  expect(newer.answer).not.toBe(results[0]!.answer);
  // A replay of the row that came first uses what was fetched since its dispatch.
  const replay = await runtime.ask(wish(unit, { maxAgeMs: 0, dispatchedAt: results[0]!.at }));
  expect(replay.answer).toBe(newer.answer);
  expect(rig.stub.calls).toHaveLength(2);
});

test('an answer that no table takes fails alone; those committed with it stand', async () => {
  const [good, other] = [newUnit(), newUnit()];
  const runtime = rig.start();
  const asked = [good, `${newUnit()}\0`, other].map((unit) => runtime.ask(wish(unit)));
  const results = await Promise.all(asked);
  expect(results.map(({ outcome, detail }) => [outcome, detail])).toEqual([
    ['ok', undefined],
    ['failed', 'malformed'],
    ['ok', undefined],
  ]);
  expect(await rig.answerRows(good)).toHaveLength(1);
  expect(await rig.answerRows(other)).toHaveLength(1);
});

test('a failure that lies in the question is not tried again and opens no breaker', async () => {
  const given = { retries: 3, breaker: { volume: 1, errorPercent: 1, coolOffMs: 60_000 } };
  const lasting = lastingFailure('blocked_address');
  const runtime = rig.start(given, { ...rankProvider(given), parse: lasting });
  const first = await runtime.ask(wish(newUnit()));
  expect(first).toMatchObject({ outcome: 'failed', detail: 'network' });
  expect(await runtime.ask(wish(newUnit()))).toMatchObject({ outcome: 'failed', detail: 'network' });
  expect(rig.stub.calls).toHaveLength(2);
});

test('another version of the adapter does not reuse its answers', async () => {
  const unit = newUnit();
  await rig.start().ask(wish(unit));
  await rig.start({ version: 2 }).ask(wish(unit));
  expect(rig.stub.calls).toHaveLength(2);
});

test('batches are matched by key: reordered, missing and null items', async () => {
  const runtime = rig.start({ batch: { size: 10, lingerMs: 20 }, retries: 0 });
  const units = Array.from({ length: 10 }, newUnit);
  rig.stub.answer = (_, response, asked) => {
    const items = asked
      .slice(2)
      .reverse()
      .map((unit) => [unit, { rank: Number(unit.match(/\d+/)![0]) }]);
    response.end(
      JSON.stringify({ ...Object.fromEntries(items), [asked[1]!]: null, 'other.test': { rank: 1 } }),
    );
  };
  const results = await Promise.all(units.map((unit) => runtime.ask(wish(unit))));
  expect(rig.stub.calls).toHaveLength(1);
  expect(results[0]).toMatchObject({ outcome: 'failed', detail: 'malformed' });
  expect(results[1]).toMatchObject({ outcome: 'absent' });
  for (let i = 2; i < 10; i++)
    expect((await rig.answerRows(units[i]!))[0]!.numbers).toEqual({
      rank: Number(units[i]!.match(/\d+/)![0]),
    });
});

test('a batch spoilt by one bad unit is halved until only that one fails', async () => {
  const runtime = rig.start({ batch: { size: 8, lingerMs: 20 } });
  const units = Array.from({ length: 8 }, newUnit);
  rig.stub.answer = (request, response, asked) =>
    asked.includes(units[5]!) ? response.writeHead(400).end('bad unit') : answerAll(request, response, asked);
  const results = await Promise.all(units.map((unit) => runtime.ask(wish(unit))));
  expect(results.map(({ outcome }) => outcome).join()).toBe('ok,ok,ok,ok,ok,failed,ok,ok');
  expect(results[5]).toMatchObject({ detail: 'bad_request' });
  expect(rig.stub.calls).toHaveLength(7);
});

test.each([
  ['hangs', 'timeout', 3, () => undefined],
  [
    'cuts the connection in the body',
    'network',
    3,
    (response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"a":');
      setImmediate(() => response.destroy());
    },
  ],
  ['answers 500', 'server', 4, (response) => response.writeHead(500).end('oops')],
  ['answers garbage', 'malformed', 2, (response) => response.end('<html>')],
  [
    'answers a number of the wrong type',
    'malformed',
    2,
    (response, unit) => response.end(JSON.stringify({ [unit]: { rank: '5' } })),
  ],
  [
    'answers a number outside its range',
    'malformed',
    2,
    (response, unit) => response.end(JSON.stringify({ [unit]: { rank: -1 } })),
  ],
  [
    'never ends its body',
    'malformed',
    2,
    (response) => {
      const more = () => {
        if (!response.destroyed) response.write('x'.repeat(1_024), () => setImmediate(more));
      };
      more();
    },
  ],
] as [string, string, number, (response: import('node:http').ServerResponse, unit: string) => void][])(
  'a provider that %s: failed(%s) after %d calls',
  async (_, detail, calls, answer) => {
    const runtime = rig.start({ timeoutMs: 300 });
    rig.stub.answer = (__, response, [unit]) => answer(response, unit!);
    expect(await runtime.ask(wish(newUnit()))).toMatchObject({ outcome: 'failed', detail });
    expect(rig.stub.calls).toHaveLength(calls);
  },
);

test('a failure that passes is not seen', async () => {
  const runtime = rig.start();
  const unit = newUnit();
  rig.stub.answer = (request, response, units) =>
    rig.stub.calls.length < 3 ? response.writeHead(500).end() : answerAll(request, response, units);
  expect(await runtime.ask(wish(unit))).toMatchObject({ outcome: 'ok' });
  const { rows } = await rig.database.query<{ class: string; calls: string }>({
    text: 'SELECT class, calls FROM call_minute WHERE worker = $1 ORDER BY class',
    values: [rig.worker],
  });
  expect(rows).toEqual([
    { class: 'ok', calls: '1' },
    { class: 'server', calls: '2' },
  ]);
});
