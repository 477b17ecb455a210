import { asked, CONTEXT, findingsOf, recorded, reply } from '../spec-support/replies.js';
import { observatory } from './observatory.js';

const QUESTIONS = asked('observatory', 'mdn.dev');
const SCAN = recorded(import.meta.url, 'scan.json');
const of = (body: object, parts = {}) => findingsOf(observatory, QUESTIONS, [reply(body, parts)])[0];

test('a scan is ordered without a body; only of hosts that the page found', () => {
  expect(observatory.request(QUESTIONS, CONTEXT)).toEqual([
    {
      method: 'POST',
      url: 'https://observatory-api.mdn.mozilla.net/api/v2/scan?host=mdn.dev',
      headers: { accept: 'application/json', 'user-agent': CONTEXT.userAgent },
    },
  ]);
  expect(observatory.asks[0]?.needs?.need).toBe('required');
});

test('a score of 0 is a score, none is malformed', () => {
  expect(of({ ...SCAN, score: 0, grade: 'F' })).toMatchObject({
    outcome: 'ok',
    numbers: { score: 0, grade: 'F' },
  });
  expect(of({ ...SCAN, score: null })).toMatchObject({ outcome: 'failed', class: 'malformed' });
});

test.each([[146], [-1], [1.5], ['105']])('a score of %j is malformed', (score) => {
  expect(of({ ...SCAN, score })).toMatchObject({ outcome: 'failed', class: 'malformed' });
});

test('a body that tells why counts before the status', () => {
  expect(of({ error: 'site-down' }, { status: 500 })).toMatchObject({
    outcome: 'absent',
    reason: 'site-down',
  });
  expect(of({ error: 'other' }, { status: 503 })).toMatchObject({ outcome: 'failed', class: 'server' });
});
