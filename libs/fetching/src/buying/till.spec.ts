import type { AskContext } from '@assay/providers';
import type { Credential } from '../governor/credential.js';
import type { AskRequest, CellResult, Wait } from '../runtime/ask.js';
import { Flight } from '../runtime/flight.js';
import type { Key } from '../runtime/line.js';
import { rankProvider } from '../runtime/runtime.fixture.js';
import type { BudgetWish, Payer } from './purchase-store.js';
import type { Purchases } from './purchases.js';
import { Till } from './till.js';

const NOW = 1_700_000_000_000;
const LIST = '01890000-0000-7000-8000-00000000000a';

/** A till whose only list has a budget of so many calls. */
function setUp(budget: number) {
  let left = budget;
  const takeBudget = ({ calls, units }: BudgetWish): Promise<Map<number, Payer>> => {
    const paid = left >= calls;
    if (paid) left -= calls;
    return Promise.resolve(new Map(paid ? units.map(({ n, payers }) => [n, payers[0]!]) : []));
  };
  const giveBack = (_: string, __: readonly string[], calls: number) => {
    left += calls;
    return Promise.resolve();
  };
  const purchases = { store: { takeBudget, giveBack } } as unknown as Purchases;
  return new Till({ provider: rankProvider(), purchases, keys: 0, now: () => NOW, again: () => undefined });
}

function wanted(unit: string) {
  let result: CellResult | Wait | undefined;
  const question = { surface: 'ranks', unit };
  const row: AskRequest = {
    question,
    lane: 'bulk',
    expiresAt: NOW + 100_000,
    patienceMs: 60_000,
    dispatchedAt: NOW,
    submission: LIST,
    gen: 0,
    capped: true,
  };
  const resolve = (given: CellResult | Wait) => void (result = given);
  const waiter = { row, waitUntil: NOW + 60_000, resolve, reject: () => undefined };
  const flight = new Flight(
    unit,
    question,
    NOW,
    waiter,
    () => NOW,
    () => undefined,
  );
  return { flight, result: () => result };
}

const admit = (till: Till, flight: Flight) =>
  till.admit({ name: 'ranks' } as Key, [flight], { index: 0 } as Credential, {} as AskContext);

test('who could not pay is refused at once for a while; a call that ends unsent leaves its money to be asked for', async () => {
  const till = setUp(1);
  const [first, second, third] = [wanted('1.test'), wanted('2.test'), wanted('3.test')];
  const paid = await admit(till, first.flight);
  expect(paid.flights).toEqual([first.flight]);
  expect((await admit(till, second.flight)).flights).toEqual([]);
  expect(second.result()).toMatchObject({ outcome: 'skipped', detail: 'budget' });
  expect(till.refuse(third.flight, NOW)).toBe(true);
  await paid.settle();
  expect(till.refuse(first.flight, NOW)).toBe(false);
  expect((await admit(till, first.flight)).flights).toEqual([first.flight]);
});
