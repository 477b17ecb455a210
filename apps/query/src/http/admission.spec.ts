import { kindOf } from './admission.js';

test.each([
  ['GET', '/v1/submissions?limit=3', 'reads'],
  ['GET', '/app.js', 'reads'],
  ['HEAD', '/v1/submissions/1/export?format=csv', 'exports'],
  ['GET', '/v1/submissions/1/export/', 'exports'],
  ['POST', '/v1/submissions', 'writes'],
  ['DELETE', '/v1/labels/1', 'writes'],
  ['GET', '/v1/submissions/1/events?limit=0', undefined],
  ['GET', '/metrics', undefined],
  ['GET', '/health/ready', undefined],
  ['GET', '/healthz', undefined],
] as const)('%s %s counts as %s', (method, url, kind) => {
  expect(kindOf({ method, url })).toBe(kind);
});
