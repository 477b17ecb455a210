import type { AskDefinition, PlannedAsk, Provider } from '@assay/providers';
import { chooseAsks, raisedBy, type KnownAsks } from './choose-cells.js';

const from = (ask: string) => ({ fact: 'finalUrl', from: ask, need: 'required' }) as const;
const DEFINED: Partial<AskDefinition>[] = [
  { id: 'page' },
  { id: 'moz.url', needs: from('page') },
  { id: 'moz.domain' },
  { id: 'third', needs: from('moz.url') },
];
const registry: KnownAsks = {
  providers: [],
  asks: new Map(
    DEFINED.map((ask) => [
      ask.id!,
      { ...ask, provider: { id: ask.id!.split('.')[0] } as Provider } as PlannedAsk,
    ]),
  ),
};
const PLANNED = ['page', 'moz.url', 'moz.domain', 'third', 'gone.url'];

test('asks and providers narrow what is planned', () => {
  const asks = (filter: object) => chooseAsks(PLANNED, filter, registry);
  expect(asks({})).toEqual({ ok: true, asks: PLANNED });
  expect(asks({ providers: ['moz'] })).toEqual({ ok: true, asks: ['moz.url', 'moz.domain'] });
  expect(asks({ providers: ['moz', 'page'], asks: ['moz.url', 'third'] })).toEqual({
    ok: true,
    asks: ['moz.url'],
  });
  expect(asks({ providers: ['gone'] })).toEqual({ ok: true, asks: ['gone.url'] });
});

test.each([
  [{ asks: ['dns'] }, /no ask "dns".*It has: page, moz.url/],
  [{ providers: ['dns'] }, /asks no provider "dns".*It asks: page, moz, third, gone/],
  [{ providers: ['page'], asks: ['third'] }, /name one of both/],
])('what is not planned is refused in words: %j', (filter, words) => {
  expect(chooseAsks(PLANNED, filter, registry)).toEqual({
    ok: false,
    fault: expect.stringMatching(words) as string,
  });
});

test('what takes a fact from a raised ask is raised too, at any remove, where it is planned', () => {
  const raises = (ask: string, planned = PLANNED) =>
    raisedBy([ask], planned, registry).map((pair) => pair.raises);
  expect(raises('page')).toEqual(['page', 'moz.url', 'third']);
  expect(raises('page', ['page', 'third'])).toEqual(['page']);
  expect(raises('moz.domain')).toEqual(['moz.domain']);
  expect(raises('gone.url')).toEqual(['gone.url']);
});
