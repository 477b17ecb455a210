import { nameOf, withProvider } from './new-provider.js';

const LIST = `import { ahrefs } from './ahrefs/ahrefs.js';
import { moz } from './moz/moz.js';

export const builtInProviders: Provider[] = [
  moz,
  ahrefs,
];
`;

test('an id as a name', () => expect([nameOf('moz'), nameOf('ahrefs-dr-2')]).toEqual(['moz', 'ahrefsDr2']));

test.each(['aaa', 'crux', 'zzz-z'])('%s stands in the list, its import in its place', (id) => {
  const made = withProvider(LIST, id);
  expect(made.trimEnd().endsWith(`  ahrefs,\n  ${nameOf(id)},\n];`)).toBe(true);
  const imports = made.split('\n').filter((line) => line.startsWith('import'));
  expect(imports).toHaveLength(3);
  expect(imports).toEqual(imports.toSorted());
});
