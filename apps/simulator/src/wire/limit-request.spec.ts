import { readSimulatorConfig } from '../simulator.config.js';
import { readLimitRequest } from './limit-request.js';

const good = { permits: 50, perMs: 1_000, of: 'calls' };
const read = (value: unknown) => readLimitRequest(JSON.stringify(value));

test('a request to set limits is read', () => {
  const windows = [good, { permits: 1_000, perMs: 86_400_000, of: 'units', resets: 'utc' }];
  expect(read({ provider: 'moz', windows })).toEqual({ provider: 'moz', windows });
  expect(read({ provider: 'page', windows: [] })).toEqual({ provider: 'page', windows: [] });
});

test.each([
  [undefined, 'the body must be JSON of the form {"provider":"moz"'],
  [{ windows: [] }, 'provider is missing; there are page, robots, ahrefs'],
  [{ provider: 'mos', windows: [] }, 'there is no provider mos; there are page, '],
  [{ provider: 'moz' }, 'windows must be an array of at most 8 windows; empty: no limit'],
  [{ provider: 'moz', windows: Array.from({ length: 9 }, () => good) }, 'at most 8'],
  [{ provider: 'moz', windows: [good, 5] }, 'windows[1] must be of the form {"permits"'],
  [{ provider: 'moz', windows: [{ ...good, per: 1 }] }, 'windows[0].per is not known; there are permits, '],
  [{ provider: 'moz', windows: [{ ...good, permits: 0 }] }, 'windows[0].permits must be a whole number'],
  [{ provider: 'moz', windows: [{ ...good, perMs: '1000' }] }, 'windows[0].perMs must be whole millisec'],
  [{ provider: 'moz', windows: [{ ...good, of: 'rows' }] }, 'windows[0].of must be calls or units'],
  [{ provider: 'moz', windows: [{ ...good, resets: 'noon' }] }, 'windows[0].resets must be utc or pacific'],
])('%j is refused with a reason', (value, why) => expect(() => read(value)).toThrow(why));

test('limits of the start come from the environment, or stop it', () => {
  const of = (SIMULATOR_LIMITS: string) => readSimulatorConfig({ SIMULATOR_LIMITS }).limits;
  expect(of('')).toBeUndefined();
  expect(of(JSON.stringify({ moz: [good], page: [] }))).toEqual({ moz: [good], page: [] });
  expect(() => of('50/s')).toThrow('SIMULATOR_LIMITS: must be JSON of the form {"moz":[');
  expect(() => of('{"mos":[]}')).toThrow('SIMULATOR_LIMITS: there is no provider mos; there are page, ');
  expect(() => of('{"moz":[{}]}')).toThrow('SIMULATOR_LIMITS: moz[0].permits must be a whole number');
});
