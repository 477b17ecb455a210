import { asked, CONTEXT, findingsOf, reply } from '../spec-support/replies.js';
import { sharethis } from './sharethis.js';

const QUESTIONS = asked('sharethis', 'https://example.com/?a=1&b=2');
const of = (body: object) => findingsOf(sharethis, QUESTIONS, [reply(body)])[0];

test('one encoded URL', () => {
  expect(sharethis.request(QUESTIONS, CONTEXT)[0]?.url).toBe(
    'https://count-server.sharethis.com/v2.0/get_counts?url=https%3A%2F%2Fexample.com%2F%3Fa%3D1%26b%3D2',
  );
});

test('parts that are missing or empty are left out', () => {
  expect(of({ total: 5 })).toEqual({ outcome: 'ok', numbers: { total: 5 } });
  expect(of({ total: 5, shares: [], clicks: { all: null } })).toEqual({
    outcome: 'ok',
    numbers: { total: 5 },
  });
});

test.each([
  [{ total: '5' }],
  [{ total: -5 }],
  [{ total: 5, shares: { all: 1.5 } }],
  [{ total: 5, clicks: 'x' }],
  [{}],
])('%j is malformed', (body) => expect(of(body)).toMatchObject({ outcome: 'failed', class: 'malformed' }));
