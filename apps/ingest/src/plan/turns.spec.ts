import { Turns } from './turns.js';

test('two at once, one in line, the next is refused; a place is handed on whatever came of it', async () => {
  const turns = new Turns(2, 1);
  const ends: (() => void)[] = [];
  const begun: number[] = [];
  const take = (n: number) =>
    turns.take(
      () =>
        new Promise<number>((resolve, reject) => {
          begun.push(n);
          ends.push(() => (n === 1 ? reject(new TypeError('no')) : resolve(n)));
        }),
    );
  const [first, second, third] = [take(1), take(2), take(3)];
  expect([begun, take(4)]).toEqual([[1, 2], undefined]);
  ends[0]!();
  await expect(first).rejects.toThrow('no');
  expect(begun).toEqual([1, 2, 3]);
  ends[1]!();
  ends[2]!();
  expect(await Promise.all([second, third])).toEqual([2, 3]);
  void [take(5), take(6), take(7)];
  expect(begun).toEqual([1, 2, 3, 5, 6]);
});
