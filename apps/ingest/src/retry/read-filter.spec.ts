import { FAILURE_CLASSES } from '@assay/contracts';
import { kindsOf, readFilter } from './read-filter.js';

test('no body is the default filter: failed, and skipped where asking again may end otherwise', () => {
  expect(readFilter('')).toEqual({ ok: true, filter: {} });
  const kinds = kindsOf({});
  expect(kinds).toEqual(expect.arrayContaining(FAILURE_CLASSES.map((name) => `failed/${name}`)));
  expect(kinds.filter((kind) => kind.startsWith('skipped'))).toEqual([
    'skipped/expired',
    'skipped/provider_down',
    'skipped/quota',
    'skipped/budget',
    'skipped/triage',
  ]);
  expect(kinds).not.toContain('ok/');
});

test('outcomes, classes and reasons', () => {
  expect(kindsOf({ outcomes: ['ok', 'absent'] })).toEqual(['ok/', 'absent/']);
  expect(kindsOf({ classes: ['timeout'] })).toEqual(['failed/timeout']);
  expect(kindsOf({ reasons: ['quota', 'cancelled'] })).toEqual(['skipped/quota', 'skipped/cancelled']);
  expect(kindsOf({ classes: ['quota'], reasons: ['quota'] })).toEqual(['failed/quota', 'skipped/quota']);
  expect(kindsOf({ outcomes: ['skipped'] })).not.toContain('skipped/same_unit');
  expect(kindsOf({ outcomes: ['failed', 'ok'], classes: ['auth'] })).toEqual(['failed/auth', 'ok/']);
});

test.each([
  ['{"outcomes":', /not JSON/],
  ['null', /JSON object/],
  ['["failed"]', /JSON object/],
  ['{"outcome":["failed"]}', /no field "outcome".*Known: outcomes, classes, reasons, asks, providers/],
  ['{"classes":["slow"]}', /no "slow" among classes\. Known: bad_request, auth/],
  ['{"outcomes":["broken"]}', /no "broken" among outcomes\. Known: ok, absent, failed, skipped/],
  ['{"reasons":[7]}', /no "7" among reasons/],
  [
    '{"classes":"timeout"}',
    /^classes must be a list, such as .*\["bad_request"\].* Known: bad_request, auth/,
  ],
  ['{"classes":null}', /^classes must be a list/],
  ['{"reasons":[]}', /^reasons is an empty list: name at least one.* Known: /],
  ['{"asks":"page"}', /^asks must be a list, such as {"asks":\["page"\]}\.$/],
  ['{"asks":[]}', /^asks is an empty list.* leave it out\.$/],
  ['{"asks":[7]}', /asks\.0: must be a text/],
  ['{"outcomes":["skipped"],"classes":["timeout"]}', /add failed to outcomes/],
  ['{"outcomes":["failed"],"reasons":["quota"]}', /add skipped to outcomes/],
])('%s is refused in words', (body, words) => {
  expect(readFilter(body)).toEqual({ ok: false, fault: expect.stringMatching(words) as string });
});
