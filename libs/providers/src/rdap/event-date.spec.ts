import fc from 'fast-check';
import { eventTime } from './event-date.js';

test.each([
  ['1995-08-14T04:00:00Z', '1995-08-14T04:00:00.000Z'],
  ['1995-08-14T04:00:00', '1995-08-14T04:00:00.000Z'],
  ['1995-08-14T04:00:00.12345Z', '1995-08-14T04:00:00.123Z'],
  ['1995-08-14T04:00:00.1+02:00', '1995-08-14T02:00:00.100Z'],
  ['1995-08-14 04:00:00-0130', '1995-08-14T05:30:00.000Z'],
  ['1995-08-14t04:00:00z', '1995-08-14T04:00:00.000Z'],
  ['1995-08-14', '1995-08-14T00:00:00.000Z'],
  [' 1995-08-14 04:00 UTC ', '1995-08-14T04:00:00.000Z'],
  ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59.000Z'],
])('%s', (text, expected) => {
  expect(new Date(eventTime(text) as number).toISOString()).toBe(expected);
});

test.each([
  '',
  'yesterday',
  '14-08-1995',
  '1995-13-01',
  '1995-02-31',
  '1995-08-14T99:00:00Z',
  '1995-08-14junk',
  '0',
])('%j is unreadable', (text) => {
  expect(eventTime(text)).toBeUndefined();
});

test('what Date writes is read back', () => {
  const noInvalidDate = { min: new Date(0), max: new Date('9998-01-01'), noInvalidDate: true };
  fc.assert(
    fc.property(fc.date(noInvalidDate), (at) => expect(eventTime(at.toISOString())).toBe(at.getTime())),
  );
});
