import { createLogger } from '@assay/telemetry';
import { eventually } from '@assay/testing';
import fastify from 'fastify';
import { Admission } from './admission.js';
import { sendProblem } from './problem.filter.js';

test('one request more than may be in work is told to come back; a place is free when an answer went out or was left', async () => {
  const app = fastify();
  const admission = new Admission({ exports: 1, writes: 1, reads: 2 });
  app.setErrorHandler((error, request, reply) =>
    sendProblem(createLogger('query', 'silent'), error, request, reply),
  );
  admission.guard(app);
  const waiting: (() => void)[] = [];
  app.get('/slow', () => new Promise((resolve) => waiting.push(() => resolve('done'))));
  app.get('/health/live', () => 'live');
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const left = new AbortController();
  const first = fetch(`${url}/slow`);
  fetch(`${url}/slow`, { signal: left.signal }).catch(() => undefined);
  await eventually(
    () => waiting.length,
    (count) => count === 2,
  );
  const refused = await fetch(`${url}/slow`);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
  expect(await refused.json()).toMatchObject({
    detail: expect.stringContaining('Ask again in a moment') as string,
  });
  expect((await fetch(`${url}/health/live`)).status).toBe(200);
  left.abort();
  const third = await eventually(
    async () => {
      const response = await fetch(`${url}/slow`, { signal: AbortSignal.timeout(500) }).catch(
        () => undefined,
      );
      return response?.status ?? 'let in';
    },
    (status) => status === 'let in',
  );
  expect(third).toBe('let in');
  waiting[0]!();
  expect(await (await first).text()).toBe('done');
  await app.close();
});
