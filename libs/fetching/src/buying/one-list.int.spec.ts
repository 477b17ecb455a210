import { eventually } from '@assay/testing';
import type { AskRequest } from '../runtime/ask.js';
import { answerAll } from '../runtime/runtime.fixture.js';
import { SpecRig, wish } from '../runtime/spec-rig.fixture.js';
import { clearBooks, PRICED, readLedger, startProcess, stopProcess } from './processes.fixture.js';

/** Between the dispatches of two rows of one list: far longer than any answer here takes. */
const APART_MS = 770_000;

let rig: SpecRig;
const running: Awaited<ReturnType<typeof startProcess>>[] = [];

beforeAll(async () => {
  rig = await SpecRig.open();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map(stopProcess));
  await rig.reset();
  await clearBooks(rig);
});
afterAll(() => rig.close());

const start = async () => {
  const process = await startProcess(rig, PRICED);
  running.push(process);
  return process;
};

/**
 * The first row of a list that wants everything anew, one that goes out later, and two of its retry: one that it is
 * about, one that it raises with another.
 */
function rowsOf(unit: string): Record<'first' | 'later' | 'retried' | 'carried', AskRequest> {
  const row = wish(unit, { maxAgeMs: 0 });
  const first = { ...row, freshFrom: row.dispatchedAt };
  const later = { ...first, dispatchedAt: first.dispatchedAt + APART_MS };
  const carried = { ...later, gen: 1 };
  return { first, later, carried, retried: { ...later, gen: 1, freshFrom: later.dispatchedAt } };
}

test('rows of one list dispatched one after the other buy a unit once; a retry buys it anew where it is about it', async () => {
  const [one, other] = [await start(), await start()];
  const { first, later, carried, retried } = rowsOf(rig.newUnit());
  const bought = await one.runtime.ask(first);
  expect(bought.outcome).toBe('ok');
  for (const { runtime } of [one, other])
    for (const row of [later, carried])
      expect(await runtime.ask(row)).toMatchObject({ outcome: 'ok', answer: bought.answer });
  expect([rig.stub.calls.length, (await readLedger(rig)).rows]).toEqual([1, 1]);
  expect((await other.runtime.ask(retried)).answer).not.toBe(bought.answer);
  expect(rig.stub.calls).toHaveLength(2);
});

test('what is being bought for an earlier row is waited for by a later one, in another process too', async () => {
  const [one, other] = [await start(), await start()];
  let reply: () => void = () => undefined;
  rig.stub.answer = (request, response, units) => (reply = () => answerAll(request, response, units));
  const { first, later } = rowsOf(rig.newUnit());
  const asked = [one.runtime.ask(first)];
  await eventually(
    () => rig.stub.calls.length,
    (calls) => calls === 1,
  );
  let offered = false;
  other.wire.after = (name) => (offered ||= name === 'fetching.buy');
  asked.push(other.runtime.ask(later), one.runtime.ask(later));
  await eventually(
    () => offered,
    (done) => done,
  );
  rig.stub.answer = answerAll;
  reply();
  const answers = (await Promise.all(asked)).map(({ answer }) => answer);
  expect(answers).toEqual(Array(3).fill(answers[0]));
  expect([rig.stub.calls.length, (await readLedger(rig)).rows]).toEqual([1, 1]);
});

test('what was bought in vain for an earlier row is not bought again for a later one; a retry buys it', async () => {
  const [one, other] = [await start(), await start()];
  const { first, later, retried } = rowsOf(rig.newUnit());
  rig.stub.answer = (_, response) => response.writeHead(500).end();
  expect(await one.runtime.ask(first)).toMatchObject({ outcome: 'failed', detail: 'server' });
  rig.stub.answer = answerAll;
  expect(await other.runtime.ask(later)).toMatchObject({ outcome: 'failed', detail: 'server' });
  expect(rig.stub.calls).toHaveLength(1);
  expect((await other.runtime.ask(retried)).outcome).toBe('ok');
});
