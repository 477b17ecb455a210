import { LIMITED_PROVIDERS } from '../apis/index.js';
import { parseObject } from '../apis/parse-object.js';
import type { Window } from './exchange.js';
import type { SetLimits } from './limits.js';

const FIELDS = new Set(['permits', 'perMs', 'of', 'resets']);
/** Nobody needs more; each is walked through at every call. */
const MOST_WINDOWS = 8;
const YEAR = 366 * 86_400_000;
const FORM = '{"provider":"moz","windows":[{"permits":50,"perMs":1000,"of":"calls"}]}';

export interface LimitRequest {
  readonly provider: string;
  readonly windows: readonly Window[];
}

/**
 * The body of POST /limits.
 * @throws RangeError that says what to change
 */
export function readLimitRequest(body: string): LimitRequest {
  const value = parseObject(body);
  if (!value) throw new RangeError(`the body must be JSON of the form ${FORM}`);
  const provider = readLimited(value['provider']);
  return { provider, windows: readWindows(value['windows'], 'windows') };
}

/**
 * Windows by provider, as SIMULATOR_LIMITS holds them; empty: none.
 * @throws RangeError that says what to change
 */
export function readLimitsByProvider(text: string): SetLimits {
  const value = text === '' ? {} : parseObject(text);
  if (!value)
    throw new RangeError('must be JSON of the form {"moz":[{"permits":50,"perMs":1000,"of":"calls"}]}');
  return Object.fromEntries(
    Object.entries(value).map(([provider, windows]) => [
      readLimited(provider),
      readWindows(windows, provider),
    ]),
  );
}

/** @throws RangeError that names the providers there are */
export function readLimited(provider: unknown): string {
  if (typeof provider === 'string' && LIMITED_PROVIDERS.has(provider)) return provider;
  const problem =
    typeof provider === 'string' && provider !== ''
      ? `there is no provider ${provider}`
      : 'provider is missing';
  throw new RangeError(`${problem}; there are ${[...LIMITED_PROVIDERS].join(', ')}`);
}

function readWindows(value: unknown, name: string): Window[] {
  if (!Array.isArray(value) || value.length > MOST_WINDOWS)
    throw new RangeError(`${name} must be an array of at most ${MOST_WINDOWS} windows; empty: no limit`);
  return value.map((window: unknown, at) => readWindow(window, `${name}[${at}]`));
}

function readWindow(value: unknown, name: string): Window {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new RangeError(`${name} must be of the form {"permits":50,"perMs":1000,"of":"calls"}`);
  const unknown = Object.keys(value).find((field) => !FIELDS.has(field));
  if (unknown !== undefined)
    throw new RangeError(`${name}.${unknown} is not known; there are ${[...FIELDS].join(', ')}`);
  const { permits, perMs, of, resets } = value as Record<string, unknown>;
  if (!isWhole(permits, 1e9)) throw new RangeError(`${name}.permits must be a whole number from 1 to 1e9`);
  if (!isWhole(perMs, YEAR)) throw new RangeError(`${name}.perMs must be whole milliseconds, 1 to a year`);
  if (of !== 'calls' && of !== 'units') throw new RangeError(`${name}.of must be calls or units`);
  if (resets !== undefined && resets !== 'utc' && resets !== 'pacific')
    throw new RangeError(`${name}.resets must be utc or pacific, or left out`);
  return { permits, perMs, of, ...(resets && { resets }) };
}

function isWhole(value: unknown, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most;
}
