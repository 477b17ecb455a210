import type { RowEvent } from './row-event.js';
import { ALL, catalogue, cell, DEADLINE_AT, FACTS, ROW, submitted, T } from './join-row.fixture.js';
import { joinedCells, joinRow } from './join-row.js';
import { troubleKey, type Trouble } from './row-end.js';

const UNTIL = DEADLINE_AT + 30_000;

/** What the asks of a row end as that was told of these troubles at its deadline. */
function ended(troubles: Record<string, Trouble>, ...events: RowEvent[]): Record<string, unknown> {
  const settings = { catalogue, lane: 'bulk' } as const;
  const begun = joinRow(undefined, [submitted(ALL), ...events], { ...settings, now: T })!.state;
  const due: RowEvent = { kind: 'due', at: DEADLINE_AT, troubles: new Map(Object.entries(troubles)) };
  const { state } = joinRow(begun, [due], { ...settings, now: DEADLINE_AT })!;
  return Object.fromEntries(
    Object.entries(joinedCells(state)).map(([ask, { detail, until }]) => [ask, [detail, until]]),
  );
}

const down: Trouble = { reason: 'provider_down', until: UNTIL };
const quota: Trouble = { reason: 'quota', until: UNTIL };

test('without trouble the deadline is the reason', () => {
  expect(ended({})['dns']).toEqual(['expired', undefined]);
});

test('the state of its limit key is the reason, with its end', () => {
  const cells = ended({ [troubleKey('dns', 'dns')]: down, [troubleKey('safe', 'safe')]: quota });
  expect(cells).toMatchObject({ dns: ['provider_down', UNTIL], safe: ['quota', UNTIL] });
  expect(cells['plain']).toEqual(['expired', undefined]);
});

test('only the key of its own unit counts, in round two that of the unit asked', () => {
  const other = { [troubleKey('page', 'http://elsewhere.example/')]: down };
  expect(ended(other)['page']).toEqual(['expired', undefined]);
  expect(ended({ [troubleKey('page', ROW.url)]: down })['page']).toEqual(['provider_down', UNTIL]);
  const page = cell('page', { facts: FACTS });
  expect(ended({ [troubleKey('links', 'links')]: down }, page)['links']).toEqual(['provider_down', UNTIL]);
});

test('an ask whose unit is not known goes by its provider; what has ended already stays', () => {
  const cells = ended(
    { [troubleKey('links', 'links')]: quota, [troubleKey('dns', 'dns')]: down },
    cell('dns'),
  );
  expect(cells).toMatchObject({ links: ['quota', UNTIL], dns: [undefined, undefined] });
});

test('a trouble that is over by then is none', () => {
  expect(ended({ [troubleKey('dns', 'dns')]: { ...down, until: DEADLINE_AT } })['dns']).toEqual([
    'expired',
    undefined,
  ]);
});
