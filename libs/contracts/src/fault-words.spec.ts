import { CeilingsBody, SubmissionOptions } from './submission-options.js';

test.each([
  [{ plan: 'foo' }, '/plan: must be "only"'],
  [{ lane: 'fast' }, '/lane: must be one of express, bulk'],
  [{ providers: 'page' }, '/providers: must be a list'],
  [{ providers: [1] }, '/providers/0: must be a text'],
  [{ refresh: 'yes' }, '/refresh: must be true or false'],
  [{ weight: 1.5 }, '/weight: must be a whole number'],
  [{ weight: 0 }, '/weight: must be >= 1'],
  [{ ceilings: [] }, '/ceilings: must be an object'],
  [{ ceilings: { maxPrice: 'x' } }, '/ceilings/maxPrice: must be a number'],
])('%j: %s', (options, fault) => {
  expect(SubmissionOptions.faults(options)).toEqual([fault]);
});

test('names that nobody knows are told once, with those that are known there', () => {
  expect(CeilingsBody.faults({ nope: 1, other: 2 })).toEqual([
    '/: there is no "nope", "other". Known: maxPrice, maxCalls, providers',
  ]);
  expect(SubmissionOptions.faults({ ceilings: { providers: { moz: { ['y'.repeat(99)]: 1 } } } })).toEqual([
    `/ceilings/providers/moz: there is no "${'y'.repeat(64)}". Known: maxPrice, maxCalls`,
  ]);
});
