import { asked, CONTEXT, findingsOf, recordedText, reply } from '../spec-support/replies.js';
import { stackexchange } from './stackexchange.js';

const QUESTIONS = asked('stackexchange', 'https://example.com/?a=1&b=*');
const params = (key: string) =>
  Object.fromEntries(new URL(stackexchange.request(QUESTIONS, { ...CONTEXT, key })[0]!.url).searchParams);

test('the key goes along where there is one', () => {
  const common = { url: '*https://example.com/?a=1&b=**', site: 'stackoverflow', filter: 'total' };
  expect(params('k')).toEqual({ ...common, key: 'k' });
  expect(params('')).toEqual(common);
  expect(stackexchange.limitsWithoutKey?.[1]?.permits).toBe(300);
});

test('a throttle lasts as long as its words say', () => {
  const throttle = recordedText(import.meta.url, 'throttle.json');
  const of = (text: string) => findingsOf(stackexchange, QUESTIONS, [reply(text, { status: 400 })])[0];
  expect(of(throttle)).toMatchObject({ class: 'quota', retryAfterMs: 46_472_000 });
  expect(of(throttle.replace('46472 seconds', 'a while'))).toMatchObject({ retryAfterMs: 43_200_000 });
});

test('401 without a key is no fault of a key', () => {
  const of = (key: string) =>
    findingsOf(stackexchange, QUESTIONS, [reply({}, { status: 401 })], { ...CONTEXT, key })[0];
  expect(of('')).toMatchObject({ class: 'server' });
  expect(of('k')).toMatchObject({ class: 'auth' });
});

test.each([[{ total: '42' }], [{ total: -1 }], [{ total: 4.2 }], [{ items: [] }]])(
  '%j is malformed',
  (body) => {
    expect(findingsOf(stackexchange, QUESTIONS, [reply(body)])[0]).toMatchObject({ class: 'malformed' });
  },
);
