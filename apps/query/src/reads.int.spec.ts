import type { RowView, SubmissionView } from '@assay/contracts';
import { all, json, runningQuery, type List } from '../test/running-query.js';
import { seed, writeRow } from '../test/seed.js';
import { A, absent, B, BIG, ok, sample, timeout } from '../test/sample.js';

let query: Awaited<ReturnType<typeof runningQuery>>;
beforeAll(async () => {
  query = await runningQuery(sample);
}, 60_000);
afterAll(() => query?.stop());

const get = (path: string, init?: RequestInit) => fetch(`${query.url}${path}`, init);
const read = <T>(path: string) => json<T>(`${query.url}${path}`);
const every = <T>(path: string) => all<T>(`${query.url}${path}`);

test('the identities hold and equal what the tables hold', async () => {
  const view = await read<SubmissionView>(`/v1/submissions/${A}`);
  expect(view.counts).toEqual({ lines: 8, accepted: 5, duplicate: 1, rejected: 2 });
  expect(view.rows).toEqual({ total: 5, waiting: 2, partial: 1, final: 2 });
  expect(view.cells).toEqual({ planned: 15, ok: 3, absent: 1, failed: 1, skipped: 2, pending: 8 });
  expect(view.asks.map(({ ask, round }) => [ask, round])).toEqual([
    ['page', 1],
    ['dns', 1],
    ['moz.url', 2],
  ]);
  expect(view.asks[2]?.reasons).toEqual({ 'skipped(provider_down)': 2 });
  const recounted = await query.client.query(
    `SELECT c.value->>'outcome' AS outcome, count(*)::int AS n FROM url_row, json_each(cells) c WHERE submission = $1 GROUP BY 1`,
    [A],
  );
  for (const { outcome, n } of recounted.rows as { outcome: 'ok'; n: number }[])
    expect(view.cells[outcome]).toBe(n);
});

test('submissions come newest first, a page at a time', async () => {
  const views = await every<SubmissionView>('/v1/submissions?limit=2');
  expect(views.map(({ id }) => id)).toEqual([BIG, B, A]);
  expect(views[1]).toMatchObject({ state: 'complete', rows: { final: 1 }, cells: { ok: 1, pending: 0 } });
});

test('rows come by line number with numbers only where measured; a duplicate is no row', async () => {
  const rows = await every<RowView>(`/v1/submissions/${A}/rows?limit=2`);
  expect(rows.map(({ seq, state, version }) => [seq, state, version])).toEqual([
    [1, 'final', 3],
    [2, 'final', 2],
    [4, 'partial', 1],
    [5, 'waiting', 0],
    [6, 'waiting', 0],
  ]);
  expect(rows[0]?.cells['page']).toEqual({
    ...ok,
    last: timeout,
    numbers: { status: 200, words: 0, title: '=HYPERLINK("x"),"y"' },
  });
  expect(rows[0]?.cells['dns']).toEqual(absent);
  expect(rows[4]).toMatchObject({ url: 'https://five.example/', cells: {}, spam: null, quality: null });
});

test('rows are filtered by state and by outcome, also over many pages', async () => {
  const seqs = async (filter: string) =>
    (await every<RowView>(`/v1/submissions/${A}/rows?limit=1&${filter}`)).map(({ seq }) => seq);
  expect(await seqs('state=waiting')).toEqual([5, 6]);
  expect(await seqs('state=partial')).toEqual([4]);
  expect(await seqs('state=final')).toEqual([1, 2]);
  expect(await seqs('outcome=failed')).toEqual([2]);
  expect(await seqs('outcome=ok&ask=dns')).toEqual([2]);
  expect(await seqs('state=partial&outcome=absent')).toEqual([]);
  const failed = await every<RowView>(`/v1/submissions/${BIG}/rows?outcome=failed&limit=3`);
  expect(failed.map(({ seq }) => seq)).toEqual([1, 1001, 2001, 3001, 4001]);
});

test('rare rows of a long list are all found, wherever one look ends and the next begins', async () => {
  const id = '019b0000-0000-7000-8000-00000000000e';
  await seed(query.client, { id, asks: ['page'], rows: [] });
  await query.client.query(
    `INSERT INTO submission_line SELECT $1::uuid, n, 'https://long.example/' || n, 'h', 'd', 0, 0, NULL FROM generate_series(0, 45000) n`,
    [id],
  );
  // A look takes 20,000 lines.
  const rare = [0, 19_999, 20_000, 20_001, 39_999, 40_000, 45_000];
  for (const seq of rare)
    await writeRow(query.client, id, { seq, url: `https://long.example/${seq}`, state: 'partial' });
  for (const limit of [1, 3, 1000]) {
    const rows = await every<RowView>(`/v1/submissions/${id}/rows?state=partial&limit=${limit}`);
    expect(rows.map(({ seq }) => seq)).toEqual(rare);
  }
  await query.client.query('DELETE FROM submission WHERE id = $1', [id]);
});

test('rejected lines keep number, text and reason', async () => {
  expect(await every(`/v1/submissions/${A}/rejected?limit=1`)).toEqual([
    { seq: 7, line: '<script>alert(1)</script>', reason: 'Not a URL' },
    { seq: 8, line: 'ftp://x/', reason: 'Scheme ftp' },
  ]);
});

test('the rows of one URL are found over submissions, however it is written', async () => {
  const rows = await every<RowView>(
    `/v1/urls?limit=1&url=${encodeURIComponent('HTTPS://ONE.example:443#x')}`,
  );
  expect(rows.map(({ submission, seq }) => [submission, seq])).toEqual([
    [B, 1],
    [A, 1],
  ]);
  expect(await every(`/v1/urls?url=https://nowhere.example/`)).toEqual([]);
});

test('NDJSON holds exactly the rows, also beyond one read', async () => {
  for (const id of [A, BIG]) {
    const text = await (await get(`/v1/submissions/${id}/export?format=ndjson`)).text();
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as RowView);
    expect(lines).toEqual(await every<RowView>(`/v1/submissions/${id}/rows?limit=1000`));
  }
});

test('CSV has a column per metric, empty where nothing was measured, and no formula', async () => {
  const response = await get(`/v1/submissions/${A}/export?format=csv`);
  expect(response.headers.get('content-disposition')).toBe(`attachment; filename="assay-${A}.csv"`);
  const lines = (await response.text()).split('\r\n');
  expect(lines).toEqual([
    'seq,url,host,domain,state,page,page.until,page.status,page.words,page.title,dns,dns.until,dns.a,dns.mx,moz.url,' +
      'moz.url.until,moz.url.pageAuthority,moz.url.spamScore,spam.probability,spam.flag,spam.reasons,quality.score,quality.coverage',
    `1,https://one.example/,one.example,one.example,final,ok,,200,0,"'=HYPERLINK(""x""),""y""",absent,,,,skipped(provider_down),2026-01-01T00:01:00.000Z,,,0.25,false,title is short,71,0.5`,
    '2,"https://two.example/?a=1,2",two.example,two.example,final,failed(timeout),,,,,ok,,-2,1,skipped(provider_down),2026-01-01T00:01:00.000Z,,,,,,,',
    '4,https://three.example/,three.example,three.example,partial,ok,,404,,,pending,,,,pending,,,,,,,,',
    '5,https://four.example/,four.example,four.example,waiting,pending,,,,,pending,,,,pending,,,,,,,,',
    '6,https://five.example/,five.example,five.example,waiting,pending,,,,,pending,,,,pending,,,,,,,,',
    '',
  ]);
});

test('providers say what they ask, whether they are on and why, and how they are', async () => {
  await query.client.query(
    `INSERT INTO provider_state VALUES
     ('page', 'a.example', gen_random_uuid(), 'closed', NULL, NULL, now()),
     ('page', 'b.example', gen_random_uuid(), 'closed', NULL, NULL, now()),
     ('page', 'b.example', gen_random_uuid(), 'open', '5 of 10 failed', now() + interval '1 hour', now()),
     ('page', 'c.example', gen_random_uuid(), 'open', 'over by now', now() - interval '1 hour', now())`,
  );
  const { items } = await read<List<Record<string, unknown>>>('/v1/providers');
  expect(items.map(({ id, enabled, why }) => [id, enabled, why])).toEqual([
    ['page', true, 'On: it needs no key.'],
    ['dns', true, 'On: it needs no key.'],
    [
      'moz',
      false,
      'Off: it needs a key. Get one at https://moz.example/keys, set MOZ_TOKEN and start again.',
    ],
  ]);
  expect(items[0]?.['health']).toMatchObject({
    state: 'open',
    keys: 3,
    troubled: 1,
    troubles: [{ limitKey: 'b.example', state: 'open', reason: '5 of 10 failed', until: expect.any(String) }],
  });
  expect(items[1]?.['health']).toMatchObject({ state: 'unknown', keys: 0, troubled: 0, troubles: [] });
});
