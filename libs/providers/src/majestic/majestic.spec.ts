import { asked, CONTEXT, findingsOf, recorded, reply } from '../spec-support/replies.js';
import { majestic } from './majestic.js';

const DOMAIN = asked('majestic.domain', 'google.com');
const HISTORIC = asked('majestic.domain.historic', 'google.com');
const ITEMS = recorded(import.meta.url, 'items.json');
const [ROW] = ITEMS.DataTables.Results.Data;
const answer = (...rows: object[]) => reply({ ...ITEMS, DataTables: { Results: { Data: rows } } });
const of = (changes: object) => findingsOf(majestic, DOMAIN, [answer({ ...ROW, ...changes })])[0];

test('a call for each index, items numbered within it', () => {
  const questions = [...HISTORIC, ...asked('majestic.url', 'http://a.example/?a=1&item0=x'), ...DOMAIN];
  const forms = majestic
    .request(questions, CONTEXT)
    .map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
  const call = { app_api_key: CONTEXT.key, cmd: 'GetIndexItemInfo' };
  expect(forms).toEqual([
    { ...call, datasource: 'fresh', items: '2', item0: 'http://a.example/?a=1&item0=x', item1: 'google.com' },
    { ...call, datasource: 'historic', items: '1', item0: 'google.com' },
  ]);
});

test('each index answers its own questions', () => {
  const replies = [answer({ ...ROW, TrustFlow: 1 }), answer({ ...ROW, TrustFlow: 2 })];
  expect(findingsOf(majestic, [...DOMAIN, ...HISTORIC], replies)).toMatchObject([
    { numbers: { trust_flow: 1 } },
    { numbers: { trust_flow: 2 } },
  ]);
  expect(
    findingsOf(majestic, [...DOMAIN, ...HISTORIC], [replies[0]!, reply('', { status: 500 })]),
  ).toMatchObject([{ outcome: 'ok' }, { outcome: 'failed', class: 'server' }]);
});

test('a row counts only where both its number and its item fit', () => {
  expect(of({ ItemNum: 1 })).toBeUndefined();
  expect(of({ Item: 'bing.com' })).toBeUndefined();
  expect(of({ ItemNum: '0' })).toMatchObject({ outcome: 'ok' });
});

test('an estimate says so; empty texts and -1 are left out', () => {
  const finding = of({
    Status: 'MayExist',
    RefIPs: '',
    Title: '',
    OutLinksExternal: '-1',
    TopicalTrustFlow_Topic_0: '',
  });
  expect(finding).toMatchObject({ outcome: 'ok', numbers: { estimated: true } });
  for (const id of ['referring_ips', 'title', 'out_links', 'topic'])
    expect(finding).not.toHaveProperty(`numbers.${id}`);
});

test.each([
  [{ TrustFlow: 101 }],
  [{ ExtBackLinks: 2 ** 53 }],
  [{ RefDomains: 'many' }],
  [{ Status: 'Perhaps' }],
  [{ ResultCode: { toString: 1 } }],
])('%j is malformed', (changes) =>
  expect(of(changes)).toMatchObject({ outcome: 'failed', class: 'malformed' }),
);

test('rows in any order and twice; two that differ are worth nothing', () => {
  const questions = [...DOMAIN, ...asked('majestic.url', 'http://a.example/')];
  const other = { ...ROW, ItemNum: 1, Item: 'http://a.example/', TrustFlow: 1 };
  expect(findingsOf(majestic, questions, [answer(other, ROW, other)])).toMatchObject([
    { numbers: { trust_flow: 99 } },
    { numbers: { trust_flow: 1 } },
  ]);
  expect(findingsOf(majestic, DOMAIN, [answer(ROW, { ...ROW, TrustFlow: 1 })])).toMatchObject([
    { outcome: 'failed', class: 'malformed' },
  ]);
});

test('an address is neither domain nor host: it is not sent, and shifts no number', () => {
  const questions = [...asked('majestic.host', '192.0.2.7'), ...DOMAIN];
  expect(majestic.request(questions, CONTEXT)[0]?.body).not.toContain('192.0.2.7');
  expect(findingsOf(majestic, questions, [answer(ROW)])).toMatchObject([
    { outcome: 'skipped', reason: 'unsupported' },
    { outcome: 'ok' },
  ]);
  expect(majestic.request(questions.slice(0, 1), CONTEXT)).toEqual([]);
});

test('found, but without a number, says nothing', () => {
  const bare = { ItemNum: 0, Item: 'google.com', ResultCode: 'OK', Status: 'Found', Title: 'Google' };
  expect(findingsOf(majestic, DOMAIN, [answer(bare)])).toMatchObject([
    { outcome: 'failed', class: 'malformed' },
  ]);
});

test('an item that is refused fails alone', () => {
  const questions = [...DOMAIN, ...asked('majestic.domain', 'x')];
  const rows = [ROW, { ItemNum: 1, Item: 'x', ResultCode: 'SyntaxError', Status: 'NotFound' }];
  expect(findingsOf(majestic, questions, [answer(...rows)])).toMatchObject([
    { outcome: 'ok' },
    { outcome: 'failed', class: 'bad_request' },
  ]);
});
