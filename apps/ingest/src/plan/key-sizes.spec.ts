import { KeySizes } from './key-sizes.js';

test('keys are counted by how many units they have, largest first', () => {
  const sizes = new KeySizes();
  for (const [name, units] of [
    ['a', 1],
    ['b', 2],
    ['a', 1],
    ['c', 7],
    ['d', 0],
  ] as const)
    sizes.add(name, units);
  expect(sizes.sizes()).toEqual([
    { units: 7, keys: 1, name: 'c' },
    { units: 2, keys: 2, name: 'a' },
  ]);
});

test('many keys are counted at fixed memory, as long as those of one name follow each other', () => {
  const sizes = new KeySizes();
  for (let n = 0; n < 50_000; n++) for (let unit = 0; unit < 3; unit++) sizes.add(`host${n}`, 1);
  expect(sizes.sizes()).toEqual([{ units: 3, keys: 50_000, name: 'host0' }]);
});
