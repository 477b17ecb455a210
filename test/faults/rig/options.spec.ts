import { readOptions } from './options.js';

const names = (args: string[]) => readOptions(args).cells.map(({ name }) => name);

test('the short set shares a system, the whole one has a hundred cells and goes on where it ended', () => {
  expect(readOptions(['--short'])).toMatchObject({ shared: true, resume: false });
  const all = readOptions(['--all']);
  expect(all).toMatchObject({ shared: false, resume: true });
  expect(all.cells).toHaveLength(100);
  expect(readOptions(['--all', '--again']).resume).toBe(false);
});

test('random runs are named by their seed, so that one can be run again', () => {
  expect(names(['--random', '2', '--seed', '40'])).toEqual(['random-40', 'random-41']);
  expect(readOptions(['--cell', 'random-41']).cells).toEqual(
    readOptions(['--random', '2', '--seed', '40']).cells.slice(1),
  );
});

test.each([
  [['--cell', 'sigkill-nobody-ever'], /there is no cell sigkill-nobody-ever; --list/],
  [['--seed', 'x', '--short'], /--seed takes a whole number/],
  [['--sort'], /--sort/],
  [[], /--help/],
])('%j says what to do instead', (args, words) => {
  expect(() => readOptions(args)).toThrow(words);
});
