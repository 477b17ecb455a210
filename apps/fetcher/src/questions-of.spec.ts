import { EXPIRY_MARGIN_MS, type Plan, type UrlSubmitted } from '@assay/contracts';
import type { AskDefinition } from '@assay/providers';
import { questionsOfRound2, questionsOfRow } from './questions-of.js';

const ask = (id: string, round: 1 | 2, unit: AskDefinition['unit'], surface = id): AskDefinition => ({
  id,
  surface,
  round,
  unit,
});
const byId = (...asks: AskDefinition[]) => new Map(asks.map((one) => [one.id, one]));

const plan: Plan = {
  submission: '01900000-0000-7000-8000-000000000000',
  asks: { safe: 3, 'safe.final': 0, dns: 0, origins: 0, handles: 0 },
  dispatchedAt: 1_000,
  round1At: 21_000,
  deadlineAt: 61_000,
  graceMs: 60_000,
  patienceMs: 5_000,
  freshFrom: 900,
  maxAgeMs: 7,
};
const row: UrlSubmitted = {
  v: 1,
  plan,
  seq: 4,
  url: 'https://www.site.test:8443/a?b',
  host: 'www.site.test',
  domain: 'site.test',
};

test('round one: the planned asks of this provider, each about its own unit, in its wanted generation', () => {
  const asks = byId(ask('safe', 1, 'url'), ask('safe.final', 2, 'url', 'safe'), ask('unplanned', 1, 'url'));
  const [only, ...more] = questionsOfRow(row, asks, 'bulk');
  expect(more).toEqual([]);
  expect(only).toMatchObject({
    gen: 3,
    seq: 4,
    unit: row.url,
    request: {
      question: { surface: 'safe', unit: row.url },
      lane: 'bulk',
      expiresAt: 21_000 - EXPIRY_MARGIN_MS,
      patienceMs: 5_000,
      dispatchedAt: 1_000,
      freshFrom: 900,
      maxAgeMs: 7,
    },
  });
});

test('an ask that a retry only raised with another accepts what was fetched for the list', () => {
  const retry = { ...row, plan: { ...plan, freshFromOf: { dns: 300 } } };
  const asks = byId(ask('safe', 1, 'url'), ask('dns', 1, 'host'));
  const freshFrom = questionsOfRow(retry, asks, 'bulk').map(({ request }) => request!.freshFrom);
  expect(freshFrom).toEqual([900, 300]);
});

test('units come from url, host, domain and origin; a handle is none of them', () => {
  const units = (['url', 'host', 'domain', 'origin', 'handle'] as const).map((unit) => {
    const [question] = questionsOfRow(row, byId(ask('dns', 1, unit)), 'express');
    return question!.request?.question.unit;
  });
  expect(units).toEqual([row.url, 'www.site.test', 'site.test', 'https://www.site.test:8443', undefined]);
});

test('round two: the unit that was fixed, until the row closes; asks of others are left alone', () => {
  const message = {
    v: 1 as const,
    plans: [plan],
    rows: [
      {
        plan: 0,
        seq: 4,
        url: row.url,
        host: row.host,
        domain: row.domain,
        asks: [
          { ask: 'safe.final', gen: 1, unit: `https://site.test/${'x'.repeat(300)}` },
          { ask: 'moz.url', gen: 0, unit: 'https://site.test/' },
        ],
      },
    ],
  };
  const asks = byId(ask('safe', 1, 'url'), ask('safe.final', 2, 'url', 'safe'));
  const questions = questionsOfRound2(message, asks, 'express');
  expect(questions).toHaveLength(1);
  expect(questions[0]).toMatchObject({
    gen: 1,
    unit: expect.stringMatching(/^sha256:/) as string,
    request: { question: { surface: 'safe' }, expiresAt: 61_000 - EXPIRY_MARGIN_MS },
  });
});
