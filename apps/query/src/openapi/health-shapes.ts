import { Type, type Static } from '@assay/config';

export const Moment = Type.Union([Type.String({ format: 'date-time' }), Type.Null()]);

export const HEALTH_STATES = ['closed', 'half_open', 'throttled', 'open', 'halted'] as const;

const count = (description: string) =>
  Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], { description });
const amount = (description: string) =>
  Type.Union([Type.Number({ minimum: 0 }), Type.Null()], { description });
const share = (description: string) =>
  Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.Null()], { description });

/** Of calls that ended within the last minute, all fetchers together. What is not known is null, never 0. */
const figures = {
  calls: count('Calls that ended within the last minute; null where no fetcher reports.'),
  byClass: Type.Record(Type.String(), Type.Integer({ minimum: 1 }), {
    description: 'The same by how they ended: ok, absent, skipped or a class of failure.',
  }),
  callsPerMinute: amount('Calls a minute.'),
  successRate: share('ok and absent, of all calls but skipped ones; null without calls.'),
  rateLimitedShare: share(
    'Calls refused as too many (429), of all calls but skipped ones; null without calls.',
  ),
  p50Ms: amount('Half of the calls took no longer, in ms, at most 10 % off; null without calls.'),
  p95Ms: amount('95 of 100 calls took no longer, in ms, at most 10 % off; null without calls.'),
};
export const CallFigures = Type.Object(figures);
export type CallFigures = Static<typeof CallFigures>;

/** The scarcest of the windows of a minute or longer; shorter ones fill again while one looks. */
export const Quota = Type.Object({
  left: Type.Integer({ minimum: 0, description: 'What may still be spent, with all our keys together.' }),
  permits: Type.Integer({ minimum: 0, description: 'What may be spent in a whole window.' }),
  of: Type.Union([Type.Literal('calls'), Type.Literal('units')]),
  windowMs: Type.Integer({ minimum: 1, description: 'Length of the window in ms.' }),
  resetsAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
    description: 'When the next of it comes back; null where nothing is spent or it is not known.',
  }),
  pausedUntil: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
    description: 'Until when the provider itself told all our keys to wait, whatever is left by our count.',
  }),
});
export type Quota = Static<typeof Quota>;

const shared = {
  ...figures,
  quota: Type.Union([Quota, Type.Null()], { description: 'Null where there is none or it is not known.' }),
  parked: Type.Integer({ minimum: 0, description: 'Cells that wait in the table for their turn.' }),
};

/** What stands in the way of one limit key: a provider with its key, a registry, a host. */
export const Trouble = Type.Object({
  limitKey: Type.String({ description: 'With #n behind it: the n-th of our keys alone.' }),
  state: Type.Enum(HEALTH_STATES),
  reason: Type.Union([Type.String(), Type.Null()]),
  until: Moment,
  ...shared,
});
export type Trouble = Static<typeof Trouble>;

export const Health = Type.Object({
  state: Type.Union(
    [
      Type.Literal('unknown', { description: 'Nothing was asked lately, or no fetcher reports.' }),
      Type.Literal('closed', { description: 'Well.' }),
      Type.Literal('half_open', {
        description: 'The time of its breaker is over; it was not tried, or not with success, since.',
      }),
      Type.Literal('throttled', { description: 'It told us to wait, or a quota is spent.' }),
      Type.Literal('open', { description: 'Its breaker keeps calls back.' }),
      Type.Literal('halted', { description: 'It refuses our key.' }),
    ],
    { description: 'The worst state of its limit keys.' },
  ),
  keys: Type.Integer({ minimum: 0, description: 'Limit keys that reported.' }),
  troubled: Type.Integer({ minimum: 0, description: 'How many of them are not closed (closed is well).' }),
  open: Type.Integer({ minimum: 0, description: 'How many of them have an open breaker.' }),
  halfOpen: Type.Integer({
    minimum: 0,
    description: 'How many of them have a breaker whose time is over, and no success since.',
  }),
  troubles: Type.Array(Trouble, { description: 'The latest 20 of them, those that are half_open last.' }),
  ...shared,
  inFlight: count('Calls that run now.'),
  waiting: count('Questions that fetchers hold without an outcome yet, those being asked included.'),
  lag: count(
    'Messages of its group not handled yet; one that takes long keeps those behind it in the count.',
  ),
  workers: Type.Integer({ minimum: 0, description: 'Fetcher processes alive that ask it.' }),
});
export type Health = Static<typeof Health>;
