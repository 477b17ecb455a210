import { readableLine } from './readable-line.js';

test('control characters are written out, long lines are cut', () => {
  expect(readableLine('a\u0000b\u001b[31m\u202e')).toBe(String.raw`a\u0000b\u001b[31m\u202e`);
  expect(readableLine('x'.repeat(5_000))).toBe(`${'x'.repeat(1_000)}…`);
});

test('user name and password are masked, also when the line is cut inside them', () => {
  expect(readableLine('https://me:p@ss@a.example/x')).toBe('https://[masked]@a.example/x');
  expect(readableLine(`https://me:${'s'.repeat(2_000)}@a.example/`)).not.toContain('sss');
});

test.each([
  ['https://bob:se cret@host.example', 'https://[masked]@host.example'],
  ['https:/bob:secret@host.example', 'https:/[masked]@host.example'],
  ['bob:secret@host.example', '[masked]@host.example'],
  ['https://bob:se/cret@host.example/x', 'https://[masked]@host.example/x'],
  ['see https://bob:secret@host.example', '[masked]@host.example'],
])('%s: what may be a password is masked, URL or not', (line, shown) =>
  expect(readableLine(line)).toBe(shown),
);

test.each(['https://medium.example/@ada', 'ada@host.example', 'mailto, please: nobody', 'https://a b'])(
  '%s holds no password',
  (line) => expect(readableLine(line)).toBe(line),
);
