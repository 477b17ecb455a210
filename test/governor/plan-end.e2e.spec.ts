import type { SubmissionPlan } from '@assay/contracts';
import { startSystem, type TestSystem } from '../harness/start-system.js';
import { report, sized } from './size.js';

const DOMAINS = sized(600, 200);
/** It bounds the run, so that what is planned is not how busy the machine is. */
const LIMIT = { permits: 20, perMs: 1_000, of: 'calls' as const };
const WITHIN = 0.25;

let system: TestSystem;

beforeAll(async () => {
  system = await startSystem({
    providers: ['tranco'],
    fetchers: [['tranco'], ['tranco']],
    limitsFactor: 1,
    providerSettings: { tranco: { limits: [LIMIT], concurrency: 32 } },
  });
  // Whether the limit is kept is asked elsewhere: a refusal here, of a machine that stalls, would move the end.
  await system.simulator.setLimits('tranco');
}, 60_000);
afterAll(() => system?.stop());

test('where a limit sets the pace, a list ends when its plan says', async () => {
  const urls = Array.from({ length: DOMAINS }, (_, i) => `https://ordinary-end-${i}.com/`);
  const response = await system.api.post(urls.join('\n'), 'text/plain', { plan: 'only', lane: 'bulk' });
  const plan = (await response.json()) as SubmissionPlan;
  const started = Date.now();
  await fetch(`${system.api.address}${plan.links.self}/start`, { method: 'POST' });
  const view = await system.api.finished(plan.id, 120_000);
  const seconds = (Date.now() - started) / 1_000;
  report('end of a plan', { domains: DOMAINS, planned: plan.endS, seconds });
  expect(view.cells).toMatchObject({ failed: 0, skipped: 0 });
  expect(Math.abs(seconds - plan.endS)).toBeLessThanOrEqual(WITHIN * plan.endS);
});
