import { bytes, duration, figure, moment, percent, readable, whole } from './numbers.js';
import { Pace } from './pace.js';

const metric = (type: string, unit = '', id = 'x') => ({ id, type, unit });

test('zero is shown as zero', () => {
  expect(figure(0, metric('integer'))).toBe('0');
  expect(figure(0, metric('number', '%'))).toBe('0 %');
  expect(percent(0)).toBe('0 %');
});

test('values are shown by their type, the unit once', () => {
  expect(figure(1234567, metric('integer', 'links'))).toBe('1,234,567 links');
  expect(figure(3.14159, metric('number'))).toBe('3.14');
  expect(figure(35, metric('integer', 'days', 'age_days'))).toBe('35');
  expect(figure(false, metric('boolean'))).toBe('no');
  expect(figure('2004-11-23T10:00:00Z', metric('date'))).toBe('2004-11-23');
  expect(figure('<b>', metric('text'))).toBe('<b>');
  expect(figure(['a'], metric(''))).toBe('["a"]');
});

test('almost nothing is not nothing, almost all is not all', () => {
  expect([0.001, 0.254, 0.999, 1].map(percent)).toEqual(['<1 %', '25 %', '>99 %', '100 %']);
});

test('names, sizes and times are readable', () => {
  expect([readable('domainAuthority'), readable('spam_score')]).toEqual(['domain authority', 'spam score']);
  expect([bytes(12), bytes(1536), bytes(60_000_000)]).toEqual(['12 bytes', '1.54 kB', '60 MB']);
  expect([0.2, 59, 75, 3_000, 90_000].map(duration)).toEqual(['1 s', '59 s', '1 min 15 s', '50 min', '25 h']);
  expect(duration(119.7)).toBe('2 min 0 s');
  const noon = new Date(2026, 1, 3, 14, 3).getTime();
  expect([moment(noon, noon), moment(noon, noon + 86_400_000)]).toEqual(['14:03', '3 Feb, 14:03']);
  expect(whole(1000)).toBe('1,000');
});

test('the pace is that of the last half minute', () => {
  const pace = new Pace();
  expect(pace.note(0, 0)).toBe(0);
  expect(pace.note(5, 500)).toBe(0);
  expect(pace.note(20, 2_000)).toBe(10);
  expect(pace.note(20, 60_000)).toBe(0);
  expect(pace.note(10, 62_000)).toBe(0);
});
