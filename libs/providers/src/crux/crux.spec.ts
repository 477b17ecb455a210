import { asked, CONTEXT, findingsOf, recorded, reply } from '../spec-support/replies.js';
import { crux } from './crux.js';

const QUESTIONS = asked('crux.url', 'https://github.com/marketplace');
const { record } = recorded(import.meta.url, 'record.json');
const of = (metrics: object) => findingsOf(crux, QUESTIONS, [reply({ record: { ...record, metrics } })])[0];

test('a page and an origin are asked by different names', () => {
  const [page] = crux.request(QUESTIONS, CONTEXT);
  expect(JSON.parse(page?.body ?? '')).toEqual({ url: 'https://github.com/marketplace' });
  const [origin] = crux.request(asked('crux.origin', 'https://github.com'), CONTEXT);
  expect(JSON.parse(origin?.body ?? '')).toEqual({ origin: 'https://github.com' });
  expect(origin?.url).toBe(`https://chromeuxreport.googleapis.com/v1/records:queryRecord?key=${CONTEXT.key}`);
});

test('what the record leaves out is left out', () => {
  expect(of({ interaction_to_next_paint: { percentiles: { p75: 63 } } })).toEqual({
    outcome: 'ok',
    numbers: { inp_ms: 63 },
    asOf: '2026-02-07',
  });
  expect(of({ largest_contentful_paint: { percentiles: { p75: null } } })).toMatchObject({
    outcome: 'absent',
  });
});

test('the good share is the bin from 0, in any order', () => {
  const histogram = [
    { start: '0.10', density: 0.1 },
    { start: '0.00', density: 0.9 },
  ];
  expect(of({ cumulative_layout_shift: { histogram } })).toMatchObject({ numbers: { cls_good: 0.9 } });
});

test.each([['1450ms'], [-1], [[1450]]])('a percentile of %j is malformed', (value) => {
  expect(of({ largest_contentful_paint: { percentiles: { p75: value } } })).toMatchObject({
    outcome: 'failed',
    class: 'malformed',
  });
});

test('404 in other words is a wrong address, no missing data', () => {
  const finding = findingsOf(crux, QUESTIONS, [reply({ message: 'no such method' }, { status: 404 })])[0];
  expect(finding).toMatchObject({ outcome: 'failed', class: 'bad_request' });
});
