import { randomUUID } from 'node:crypto';
import { eventually } from '@assay/testing';
import { postgresAnswers } from '../answers/postgres-answers.js';
import { createAskRuntime } from '../runtime/ask-runtime.js';
import { rankProvider } from '../runtime/runtime.fixture.js';
import { shareAnswers } from '../runtime/shared-answers.js';
import { SpecRig, wish } from '../runtime/spec-rig.fixture.js';
import type { SeenCall } from './seen-call.js';

let rig: SpecRig;
beforeAll(async () => {
  rig = await SpecRig.open();
});
afterAll(() => rig.close());

test('every call that ended is told with its class, requests and time; what is stored needs none', async () => {
  const calls: SeenCall[] = [];
  const runtime = createAskRuntime({
    provider: rankProvider({ retries: 0 }),
    transport: rig.stub.transport,
    answers: shareAnswers(postgresAnswers(rig.database, randomUUID())),
    logger: { warn: () => undefined, error: () => undefined },
    keys: ['sim-secret'],
    userAgent: 'Assay/test',
    onCall: (call) => calls.push(call),
  });
  let reply: (() => void) | undefined;
  const { answer } = rig.stub;
  rig.stub.answer = (...given) => void (reply = () => answer(...given));
  const first = runtime.ask(wish('seen.test'));
  await eventually(
    () => reply,
    (held) => held !== undefined,
  );
  expect(runtime.inFlight).toBe(1);
  expect(calls).toEqual([]);
  reply!();
  expect((await first).outcome).toBe('ok');
  await eventually(
    () => runtime.inFlight,
    (running) => running === 0,
  );
  rig.stub.answer = (_, response) => void response.writeHead(503).end();
  expect((await runtime.ask(wish('seen.test'))).outcome).toBe('ok');
  expect((await runtime.ask(wish('failing.test'))).outcome).toBe('failed');
  const seen = { provider: 'ranks', limitKey: 'ranks', requests: 1, at: expect.any(Number) };
  expect(calls).toEqual([
    { ...seen, class: 'ok', latencyMs: expect.any(Number) },
    { ...seen, class: 'server', latencyMs: expect.any(Number) },
  ]);
  await runtime.stop();
});
