import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUE } from './catalogue.js';
import { MESSAGES, LANES, parseTopic, topicOf, type MessageName } from './topics.js';

const folder = join(import.meta.dirname, '..', 'examples');
const examples = readdirSync(folder).map((file) => ({
  file,
  message: file.replace(/\.v\d+(\.[a-z-]+)?\.json$/, '') as MessageName,
  value: JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, unknown>,
}));

test('every message has an example of its current version', () => {
  for (const message of MESSAGES) {
    const version = CATALOGUE[message].version;
    expect(examples.map((example) => example.file)).toContain(`${message}.v${version}.json`);
  }
});

test.each(examples)('$file is valid for its contract', ({ message, value }) => {
  expect(CATALOGUE[message].faults(value)).toEqual([]);
  expect(CATALOGUE[message].check(value)).toBe(true);
});

test.each(examples)('$file is refused without its plan, with the path in the fault', ({ message, value }) => {
  const { plan: _plan, plans: _plans, ...rest } = value;
  expect(CATALOGUE[message].check(rest)).toBe(false);
  expect(CATALOGUE[message].faults(rest).join()).toContain('plan');
});

test('an outcome outside the four is refused', () => {
  const metric = examples.find((example) => example.message === 'metric.round1')!.value as {
    cells: object[];
  };
  const changed = { ...metric, cells: [{ ...metric.cells[0], outcome: 'unknown' }] };
  expect(CATALOGUE['metric.round1'].check(changed)).toBe(false);
});

test('a topic name leads back to its message and lane', () => {
  for (const message of MESSAGES) {
    for (const lane of LANES) expect(parseTopic(topicOf(message, lane))).toEqual({ message, lane });
  }
  expect(parseTopic('url.submitted.dead')).toBeUndefined();
  expect(parseTopic('__consumer_offsets')).toBeUndefined();
});
