import { asked, CONTEXT, findingsOf, reply } from '../spec-support/replies.js';
import { ahrefs } from './ahrefs.js';

const QUESTIONS = [...asked('ahrefs.url', 'https://ahrefs.com/'), ...asked('ahrefs.domain', 'ahrefs.com')];
const of = (...targets: unknown[]) => findingsOf(ahrefs, QUESTIONS, [reply({ targets })]);
const exact = { url: 'https://ahrefs.com/', mode: 'exact', backlinks: 1 };
const whole = { url: 'ahrefs.com', mode: 'subdomains', backlinks: 2 };

test('targets of both kinds in one call, the key as a bearer token', () => {
  const [request] = ahrefs.request(QUESTIONS, CONTEXT);
  expect(request?.headers).toMatchObject({ authorization: `Bearer ${CONTEXT.key}` });
  expect(JSON.parse(request?.body ?? '')).toEqual({
    select: ['url_rating', 'domain_rating', 'ahrefs_rank', 'backlinks', 'refdomains', 'org_traffic'],
    targets: [
      { url: 'https://ahrefs.com/', mode: 'exact', protocol: 'both' },
      { url: 'ahrefs.com', mode: 'subdomains', protocol: 'both' },
    ],
  });
});

test('rows go by target and mode, whatever their order', () => {
  const expected = [{ numbers: { backlinks: 1 } }, { numbers: { backlinks: 2 } }];
  expect(of(whole, exact)).toMatchObject(expected);
  expect(of({ ...whole, index: 1 }, { ...exact, index: 0 })).toMatchObject(expected);
  expect(of({ ...exact, mode: 'prefix' })[0]).toBeUndefined();
});

test('rows that name no target go by index, else by place where lengths agree', () => {
  expect(of({ index: 1, backlinks: 2 })).toEqual([undefined, { outcome: 'ok', numbers: { backlinks: 2 } }]);
  expect(of({ backlinks: 1 }, { backlinks: 2 })).toMatchObject([
    { numbers: { backlinks: 1 } },
    { numbers: { backlinks: 2 } },
  ]);
  expect(of({ backlinks: 2 })).toEqual([undefined, undefined]);
});

test('another spelling of the target goes by index or place; another target by neither', () => {
  const bare = { url: 'ahrefs.com', mode: 'exact', backlinks: 1 };
  expect(of({ ...bare, index: 0 })[0]).toMatchObject({ numbers: { backlinks: 1 } });
  expect(of(bare, whole)).toMatchObject([{ numbers: { backlinks: 1 } }, { numbers: { backlinks: 2 } }]);
  expect(of(bare)).toEqual([undefined, undefined]);
  expect(of({ ...bare, url: 'stranger.example', index: 0 }, whole)[0]).toBeUndefined();
  expect(of({ ...whole, index: 0 })).toMatchObject([undefined, { numbers: { backlinks: 2 } }]);
  expect(of({ ...bare, mode: { toString: 1 } })).toEqual([undefined, undefined]);
});

test('an address is no domain: it is not sent, and shifts no row', () => {
  const questions = [...asked('ahrefs.domain', '192.0.2.7'), ...QUESTIONS];
  expect(ahrefs.request(questions, CONTEXT)[0]?.body).not.toContain('192.0.2.7');
  const rows = [{ backlinks: 1 }, { backlinks: 2 }];
  expect(findingsOf(ahrefs, questions, [reply({ targets: rows })])).toMatchObject([
    { outcome: 'skipped', reason: 'unsupported' },
    { numbers: { backlinks: 1 } },
    { numbers: { backlinks: 2 } },
  ]);
  expect(ahrefs.request(questions.slice(0, 1), CONTEXT)).toEqual([]);
});

test('two rows that contradict each other are worth nothing; odd numbers neither', () => {
  expect(of(exact, { ...exact, backlinks: 9 })[0]).toMatchObject({ outcome: 'failed', class: 'malformed' });
  for (const odd of [{ domain_rating: 101 }, { backlinks: '5' }, { ahrefs_rank: 0 }])
    expect(of({ ...exact, ...odd })[0]).toMatchObject({ outcome: 'failed', class: 'malformed' });
});

test('all null is absent', () => {
  expect(of({ ...exact, backlinks: null })[0]).toMatchObject({ outcome: 'absent' });
});
