import type { CellResult } from './result.js';
import type { Peers } from './peers.js';
import { reportOf } from './report.js';

const fine: CellResult = {
  cell: 'sigkill-joiner-steady',
  seed: 7,
  commit: 'abc1234',
  at: '2026-11-25T12:00:00.000Z',
  circumstance: 'steady',
  ok: true,
  faults: [],
  rows: 300,
  lost: 0,
  doubled: 0,
  recoveryS: 3.1,
  blows: [{ fault: 'sigkill', victim: 'joiner', atShare: 0.39 }],
  poison: 0,
  unanswered: 12,
  seconds: 12.4,
  load: 1.2,
};
const broken: CellResult = {
  ...fine,
  cell: 'random-17',
  seed: 9,
  ok: false,
  faults: ['row missing: 4: "not", not "final"'],
  lost: 1,
  recoveryS: 11,
  blows: [
    { fault: 'sigterm', victim: 'store', atShare: 0.4, exit: { how: 'store ended (code 0)', ms: 812 } },
    { fault: 'cut', victim: 'postgres', line: 'postgres', atShare: 0.4 },
  ],
};

const PEERS: Peers = {
  measured: '2026-11-26',
  joins: 300,
  kills: 3,
  seeds: [1, 2],
  runs: [
    { system: 'Celery', command: 'npm run bench:celery', never: [4, 5], twice: [0, 0], callsAgain: [6, 7] },
  ],
};

test('sums, longest recovery and what was done stand in the report', () => {
  const report = reportOf([fine, broken], PEERS);
  expect(report).toMatch(/\| 2 +\| 1 +\| 3 +\| 600 +\| 1 +\| 0 +\| 11 s/);
  expect(report).toContain('sigterm store at 40 %, gone after 0.8 s; cut postgres (postgres) at 40 %');
});

test('a cell that failed stands there with its seed and what was wrong', () => {
  expect(reportOf([fine], PEERS)).not.toContain('## Failed');
  expect(reportOf([fine, broken], PEERS)).toContain(
    '- `--cell random-17 --seed 9`\n  - row missing: 4: "not", not "final"',
  );
});

test('what was run is named as git names it, once', () => {
  expect(reportOf([fine, broken], PEERS)).toContain('Run on: `abc1234`.');
});

test('cells that were not run are named', () => {
  expect(reportOf([fine], PEERS)).toMatch(/Not run: .*`sigkill-broker-steady`/);
});

test('what the same kills did to others stands beside it', () => {
  expect(reportOf([fine], PEERS)).toMatch(/\| Celery +\| 4, 5 +\| 0, 0 +\| 6, 7 +\| `npm run bench:celery`/);
});
