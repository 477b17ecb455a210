import { randomUUID } from 'node:crypto';
import { questionKey, type Provider, type Question } from '@assay/providers';
import { rankProvider } from '../runtime/runtime.fixture.js';
import { SpecRig, wish } from '../runtime/spec-rig.fixture.js';
import { clearBooks, PRICED, startProcess, stopProcess } from './processes.fixture.js';

let rig: SpecRig;

beforeAll(async () => {
  rig = await SpecRig.open();
});
afterAll(() => rig.close());

const isAddress = ({ unit }: Question) => unit.startsWith('192.');

/** Sends nothing for addresses, as those do that know names only. */
function namesOnly(): Provider {
  const plain = rankProvider({ ...PRICED, batch: { size: 10, lingerMs: 20 } });
  if (!('request' in plain)) throw new TypeError('a provider of one step');
  return {
    ...plain,
    request: (questions, context) => {
      const sent = questions.filter((question) => !isAddress(question));
      return sent.length > 0 ? plain.request(sent, context) : [];
    },
    parse: (replies, questions, context) => {
      const sent = questions.filter((question) => !isAddress(question));
      const findings = new Map(sent.length > 0 ? plain.parse(replies, sent, context) : []);
      for (const question of questions.filter(isAddress))
        findings.set(questionKey(question), { outcome: 'skipped', reason: 'unsupported' });
      return findings;
    },
  };
}

test('a unit that is never sent is not paid', async () => {
  const process = await startProcess(rig, {}, namesOnly());
  const submission = randomUUID();
  const results = await Promise.all(
    [rig.newUnit(), '192.0.2.9', rig.newUnit()].map((unit) =>
      process.runtime.ask(wish(unit, { submission })),
    ),
  );
  expect(results.map(({ outcome, detail }) => detail ?? outcome)).toEqual(['ok', 'unsupported', 'ok']);
  expect(rig.stub.calls.flatMap(({ units }) => units)).toHaveLength(2);
  const { rows } = await rig.database.query({
    text: 'SELECT units, cost_micro_usd::int AS cost FROM call_share',
  });
  await stopProcess(process);
  await clearBooks(rig);
  expect(rows).toEqual([{ units: 2, cost: 500 }]);
});
