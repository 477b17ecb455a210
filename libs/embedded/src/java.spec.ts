import { javaMajor } from './java.js';

test.each([
  ['openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime', 17],
  ['java version "1.8.0_402"', 8],
  ['openjdk version "21" 2023-09-19', 21],
  ['sh: 1: java: not found', 0],
])('%s is Java %i', (said, major) => {
  expect(javaMajor(said)).toBe(major);
});
