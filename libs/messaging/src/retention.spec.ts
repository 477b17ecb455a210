import { keptFor, refusalOf, type Told } from './retention.js';

const HOUR_MS = 3_600_000;

test.each<[string | undefined, Told['name'], number]>([
  ['604800000', 'retention.ms', 604_800_000],
  ['10080', 'offsets.retention.minutes', 604_800_000],
  ['0', 'retention.ms', 0],
  ['-1', 'retention.ms', Infinity],
  ['-1', 'retention.bytes', Infinity],
  ['1000000', 'retention.bytes', 0],
  ['', 'retention.ms', Infinity],
  [undefined, 'offsets.retention.minutes', Infinity],
])('%s of %s keeps for %d ms', (value, name, keptMs) => {
  expect(keptFor({ name, value })).toBe(keptMs);
});

const long: Told = { of: 'broker 1', name: 'offsets.retention.minutes', value: '10080' };

test('one broker of several that forgets offsets too soon is enough to be refused', () => {
  const short = { ...long, of: 'broker 2', value: '1440' };
  expect(refusalOf([long, short], 25 * HOUR_MS)).toBe(
    'Kafka, broker 2: offsets.retention.minutes is 1440, but rows may be open for 25 h (deadline and grace). ' +
      'Set offsets.retention.minutes to 1500 or more.',
  );
  expect(refusalOf([long], 25 * HOUR_MS)).toBeUndefined();
});

test('deadlines beyond the default can be shortened', () => {
  expect(refusalOf([{ ...long, value: '1500' }], 73 * HOUR_MS)).toMatch(
    /4380 or more, or shorten the deadlines\.$/,
  );
});

test('a topic that is cut by its size is refused', () => {
  expect(
    refusalOf([{ of: 'topic row.joined.bulk', name: 'retention.bytes', value: '1073741824' }], HOUR_MS),
  ).toMatch(/^Kafka, topic row\.joined\.bulk: retention\.bytes is 1073741824.*Set retention\.bytes to -1\.$/);
});
