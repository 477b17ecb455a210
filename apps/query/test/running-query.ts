import { jest } from '@jest/globals';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRegistry, type Provider } from '@assay/providers';
import { createLogger } from '@assay/telemetry';
import { testDatabase } from '@assay/testing';
import pg from 'pg';
import { readQueryConfig } from '../src/query.config.js';
import { seed, testProviders, type SeedSubmission } from './seed.js';

// Jest cannot require() an ES module, which @fastify/static does for a header that nothing here sends.
jest.mock('content-disposition', () => ({}));
const { startQuery } = await import('../src/start-query.js');

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** What stands behind query: answers every request with what `does` is at that time. */
export interface StubIngest {
  does: Handler;
}

/** The real service on a real, seeded PostgreSQL, before a stub of ingest. */
export async function runningQuery(
  submissions: readonly SeedSubmission[] = [],
  providers: readonly Provider[] = testProviders,
  environment: Record<string, string> = {},
) {
  const database = await testDatabase();
  const client = new pg.Client(database.value);
  await client.connect();
  for (const submission of submissions) await seed(client, submission);
  const ingest: StubIngest = { does: (_request, response) => response.end() };
  const server = await listening((request, response) => ingest.does(request, response));
  const another = (overrides: Record<string, string> = {}) =>
    startQuery(
      readQueryConfig({
        PORT: '0',
        DATABASE_URL: database.value,
        INGEST_URL: urlOf(server),
        ...environment,
        ...overrides,
      }),
      createLogger('query', 'silent'),
      createRegistry([...providers]),
    );
  const query = await another();
  return {
    url: query.url,
    client,
    ingest,
    /** One more on the same database. */
    another,
    stop: async () => {
      await query.stop();
      server.close();
      await client.end();
      await database.stop();
    },
  };
}

export async function listening(handler: Handler = () => undefined): Promise<Server> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

export const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

/** @throws where the answer is not 200 */
export async function json<T>(url: string): Promise<T> {
  const response = await fetch(url);
  expect([url, response.status]).toEqual([url, 200]);
  return (await response.json()) as T;
}

export interface List<T> {
  items: T[];
  next: string | null;
}

/** All pages of a list. */
export async function all<T>(url: string): Promise<T[]> {
  const items: T[] = [];
  for (let after = ''; ;) {
    const page: List<T> = await json(`${url}${url.includes('?') ? '&' : '?'}after=${after}`);
    items.push(...page.items);
    if (page.next === null) return items;
    after = page.next;
  }
}

/** A problem+json of this status that says what to do. */
export async function expectProblem(response: Response, status: number): Promise<void> {
  const body = (await response.json()) as { detail: string };
  expect([response.status, response.headers.get('content-type')]).toEqual([
    status,
    'application/problem+json; charset=utf-8',
  ]);
  expect(body).toEqual({
    type: 'about:blank',
    title: expect.any(String),
    status,
    detail: expect.any(String),
  });
  expect(body.detail.length).toBeGreaterThan(20);
}
