import type { MetricDefinition, MetricValue } from '@assay/providers';
import { checkFinding, metricTable } from './check-finding.js';

const metric = (id: string, type: MetricDefinition['type'], range?: [number, number]): MetricDefinition => ({
  id,
  type,
  unit: '',
  meaning: id,
  ...(range ? { range } : {}),
});
const METRICS = metricTable([
  metric('rank', 'integer', [1, 100]),
  metric('score', 'number'),
  metric('seen', 'boolean'),
  metric('title', 'text'),
  metric('born', 'date'),
]);
const check = (numbers: Record<string, MetricValue>) => checkFinding({ outcome: 'ok', numbers }, METRICS);

test('sane numbers pass untouched', () => {
  const numbers = { rank: 1, score: 0, seen: false, title: '', born: '1995-08-14T04:00:00Z' };
  expect(check(numbers)).toEqual({ outcome: 'ok', numbers });
});

test.each<Record<string, unknown>>([
  { rank: 0 },
  { rank: 101 },
  { rank: 1.5 },
  { rank: '5' },
  { rank: null },
  { score: Number.NaN },
  { score: Infinity },
  { seen: 1 },
  { title: 5 },
  { born: 'soon' },
  { born: 'May 1995' },
  { unheard_of: 1 },
])('%j is malformed', (numbers) => {
  expect(check(numbers as Record<string, MetricValue>)).toMatchObject({
    outcome: 'failed',
    class: 'malformed',
  });
});

test('what PostgreSQL would refuse in a text is replaced', () => {
  expect(check({ title: 'a\0b\ud800c😀' })).toMatchObject({ numbers: { title: 'a\ufffdb\ufffdc😀' } });
});

test('facts that do not fit their contract are left out or cut', () => {
  const facts = {
    finalUrl: `https://a.test/${'x'.repeat(9_000)}`,
    finalHost: 'a.test',
    author: 'y'.repeat(600),
    handles: { github: Array.from({ length: 20 }, (_, i) => `name${i}`), x: ['z'.repeat(300)] },
  };
  const checked = checkFinding({ outcome: 'absent', facts }, METRICS) as unknown as { facts: typeof facts };
  expect(checked.facts.finalUrl).toBeUndefined();
  expect(checked.facts.finalHost).toBe('a.test');
  expect(checked.facts.author).toHaveLength(512);
  expect(checked.facts.handles.github).toHaveLength(16);
  expect(checked.facts.handles.x).toEqual([]);
});
