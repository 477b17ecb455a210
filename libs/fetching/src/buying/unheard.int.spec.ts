import { eventually } from '@assay/testing';
import { SpecRig, wish } from '../runtime/spec-rig.fixture.js';
import { readLedger, startProcess, stopProcess } from './processes.fixture.js';

let rig: SpecRig;

beforeAll(async () => {
  rig = await SpecRig.open();
});
afterAll(() => rig.close());

test('a process that nobody has heard for long buys nothing, and goes on when it is heard again', async () => {
  const process = await startProcess(rig);
  const { runtime, wire, beat } = process;
  let unheard = true;
  const sent: string[] = [];
  wire.before = (name) => {
    sent.push(name);
    if (unheard && name === 'fetching.beat') throw new Error('not heard');
  };
  await eventually(
    () => beat.mayStart,
    (may) => !may,
  );
  const results = Promise.all([1, 2, 3].map(() => runtime.ask(wish(rig.newUnit()))));
  await eventually(
    () => sent.filter((name) => name === 'fetching.beat').length,
    (beats) => beats > 50,
  );
  expect(sent).not.toContain('fetching.buy');
  unheard = false;
  expect((await results).map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok']);
  expect(await readLedger(rig)).toMatchObject({ rows: rig.stub.calls.length, unknown: 0, open: 0 });
  await stopProcess(process);
});
