import { seeded } from '../../governor/seeded.js';
import { CELLS, CIRCUMSTANCES, FAULTS, LINES_OF, randomCell, shortSet, VICTIMS, type Cell } from './cells.js';

const meets = (cells: readonly Cell[], ...what: readonly string[]) =>
  cells.some(({ circumstance, blows }) =>
    blows.some((blow) =>
      what.every((one) => [circumstance, blow.fault, blow.victim, blow.line].includes(one as never)),
    ),
  );

test('sixty cells, each with a name of its own', () => {
  expect(new Set(CELLS.map(({ name }) => name)).size).toBe(60);
});

test('each fault meets each part and each circumstance, each part each circumstance', () => {
  const missing = [
    ...FAULTS.flatMap((fault) => [...VICTIMS, ...CIRCUMSTANCES].map((other) => [fault, other])),
    ...VICTIMS.flatMap((victim) => CIRCUMSTANCES.map((circumstance) => [victim, circumstance])),
  ].filter((pair) => !meets(CELLS, ...pair));
  expect(missing).toEqual([]);
});

test('every line of every part is cut', () => {
  const lines = Object.entries(LINES_OF).flatMap(([victim, parts]) => parts.map((part) => [victim, part]));
  expect(lines.filter((line) => !meets(CELLS, 'cut', ...line))).toEqual([]);
});

test('the short set is twelve cells that kill every part, cut both kinds of line and meet every circumstance', () => {
  const short = shortSet();
  expect(short).toHaveLength(12);
  const wanted = [
    ...VICTIMS.map((victim) => ['sigkill', victim]),
    ...CIRCUMSTANCES.map((circumstance) => [circumstance]),
    ...FAULTS.map((fault) => [fault]),
    ...['postgres', 'kafka'].map((line) => ['cut', line]),
  ];
  expect(wanted.filter((what) => !meets(short, ...what))).toEqual([]);
});

test('a random run is the same for the same seed, and is two faults at once', () => {
  expect(randomCell(7, seeded(7))).toEqual(randomCell(7, seeded(7)));
  expect(randomCell(7, seeded(7)).blows).toHaveLength(2);
  expect(
    new Set(Array.from({ length: 40 }, (_, seed) => JSON.stringify(randomCell(seed, seeded(seed)).blows)))
      .size,
  ).toBeGreaterThan(30);
});
