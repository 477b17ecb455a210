import fc from 'fast-check';
import { chooseSubmission, type Candidate } from './choose-submission.js';

function turns(candidates: Candidate[], count: number): string[] {
  let credit: ReadonlyMap<string, number> = new Map();
  return Array.from({ length: count }, () => {
    const turn = chooseSubmission(candidates, credit);
    credit = turn.credit;
    return turn.chosen?.id ?? '';
  });
}

test('equal weights alternate', () => {
  expect(
    turns(
      [
        { id: 'a', weight: 1 },
        { id: 'b', weight: 1 },
      ],
      4,
    ).join(''),
  ).toBe('abab');
});

test('turns are spread by weight', () => {
  expect(
    turns(
      [
        { id: 'a', weight: 3 },
        { id: 'b', weight: 1 },
      ],
      8,
    ).join(''),
  ).toBe('aabaaaba');
});

test('over one round of weights each has exactly its share, none waits longer', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 }), (weights) => {
      const candidates = weights.map((weight, at) => ({ id: String(at), weight }));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const order = turns(candidates, total);
      expect(candidates.map(({ id }) => order.filter((turn) => turn === id).length)).toEqual(weights);
    }),
  );
});

test('who comes new is served at once beside one that has run long', () => {
  let credit: ReadonlyMap<string, number> = new Map();
  for (let n = 0; n < 1_000; n++) credit = chooseSubmission([{ id: 'old', weight: 1 }], credit).credit;
  const next: string[] = [];
  for (let n = 0; n < 2; n++) {
    const turn = chooseSubmission(
      [
        { id: 'old', weight: 1 },
        { id: 'new', weight: 1 },
      ],
      credit,
    );
    credit = turn.credit;
    next.push(turn.chosen!.id);
  }
  expect(next).toContain('new');
});

test('nobody to choose', () => {
  expect(chooseSubmission([], new Map([['gone', 3]]))).toEqual({ chosen: undefined, credit: new Map() });
});
