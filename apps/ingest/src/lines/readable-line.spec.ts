import { readableLine } from './readable-line.js';

test('control characters are written out, long lines are cut', () => {
  expect(readableLine('a\u0000b\u001b[31m\u202e')).toBe(String.raw`a\u0000b\u001b[31m\u202e`);
  expect(readableLine('x'.repeat(5_000))).toBe(`${'x'.repeat(1_000)}…`);
});

test('user name and password are masked, also when the line is cut inside them', () => {
  expect(readableLine('https://me:p@ss@a.example/x')).toBe('https://[masked]@a.example/x');
  expect(readableLine(`https://me:${'s'.repeat(2_000)}@a.example/`)).not.toContain('sss');
});
