import { CELLS, type Cell } from './cells.js';
import { peerRows, type Peers } from './peers.js';
import { boundOf, summaryOf, type CellResult } from './result.js';

const INTRODUCTION = `# Faults

Real processes, a real Kafka and a real PostgreSQL, the simulator, and a TCP proxy on every line between two of them.
While a list is worked on, one of them is hit; then everything is checked. This page is written by
\`npm run faults -- --report\` from the results of runs; nothing in it is written by hand.

**A cell** is a fault on a part amid a circumstance.

| fault         | what is done                                                                                                 |
| ------------- | ------------------------------------------------------------------------------------------------------------ |
| \`sigkill\`     | \`kill -9\`; of PostgreSQL all its processes. The supervisor starts it again                                   |
| \`sigstop\`     | stopped for 8 s, then it goes on as if nothing had been                                                      |
| \`sigterm\`     | asked to end under load: a process of ours must exit with 0 within 10 s; PostgreSQL gets its quick end, SIGINT |
| \`cut\`         | every connection of a line ends with RST in the middle of what it says, and none is taken for 5 s            |
| \`stall\`       | a line takes connections and passes nothing for 8 s (random runs, and a cell of its own)                     |
| \`reset\`       | every connection of a line ends with RST, new ones are taken (random runs)                                   |
| \`latency\`     | 150 ms more for each chunk of a line, for 8 s (random runs)                                                  |

| circumstance  | what holds meanwhile                                                                                   |
| ------------- | ------------------------------------------------------------------------------------------------------ |
| \`steady\`      | nothing else                                                                                           |
| \`rebalancing\` | a second process joins the group of the one that is hit (of the joiner, where that one has no group)  |
| \`hanging\`     | a provider takes requests and never answers, after the first 70 % of its domains                       |
| \`limited\`     | a provider answers 429 to everything after the first 70 % of its domains                               |
| \`poison\`      | one message in a hundred, of each topic, is one that nobody can read                                   |

The moments, between 20 and 80 % of the rows final, are drawn from the seed: \`npm run faults -- --cell <name> --seed <n>\`
runs a cell again. A run fails on any fault the checker finds, and when no row becomes final for more than 10 s after one
of our processes was hit, 20 s after the broker or PostgreSQL; after a stop or a cut that time counts from its end.

_Lost_: accepted lines without a final row. _Doubled_: rows that are there twice, priced units bought twice.
`;

/** docs/faults.md: what was run, and what is not or not yet. A cell that failed stands first. */
export function reportOf(results: readonly CellResult[], peers: Peers): string {
  const summary = summaryOf(results);
  const done = new Set(results.map(({ cell }) => cell));
  const missing = CELLS.filter(({ name }) => !done.has(name));
  const failed = results.filter(({ ok }) => !ok);
  const count = (of: (result: CellResult) => number) => results.reduce((sum, one) => sum + of(one), 0);
  return [
    INTRODUCTION,
    '## Result\n',
    table(
      [
        'cells',
        'failed',
        'faults injected',
        'rows checked',
        'lost',
        'doubled',
        'longest recovery',
        'poison messages',
      ],
      [
        [
          `${summary.cells}`,
          `${summary.failed}`,
          `${count(({ blows }) => blows.length)}`,
          `${summary.rows}`,
          `${summary.lost}`,
          `${summary.doubled}`,
          `${summary.longestRecoveryS} s`,
          `${count(({ poison }) => poison)}`,
        ],
      ],
    ),
    `\n${commitsOf(results)}`,
    ...(missing.length > 0 ? [`\nNot run: ${missing.map(({ name }) => `\`${name}\``).join(', ')}.\n`] : []),
    ...(failed.length > 0 ? ['\n## Failed\n', ...failed.map(failureOf)] : []),
    ...peersPart(peers),
    '\n## Cells\n',
    cellsTable(results.filter(({ cell }) => !cell.startsWith('random-'))),
    ...randomPart(results.filter(({ cell }) => cell.startsWith('random-'))),
    '',
  ].join('\n');
}

function randomPart(runs: readonly CellResult[]): string[] {
  return runs.length === 0 ? [] : ['\n## Random runs of two faults at once\n', cellsTable(runs)];
}

function commitsOf(results: readonly CellResult[]): string {
  const commits = [...new Set(results.map(({ commit }) => commit).filter(Boolean))];
  return `Run on: ${commits.map((commit) => `\`${commit}\``).join(', ')}.`;
}

function peersPart(peers: Peers): string[] {
  const { measured, joins, kills, seeds } = peers;
  const [head = [], ...rows] = peerRows(peers);
  return [
    '\n## The ancestor beside it\n',
    `The Assay of 2012 joined its answers with Celery's chords. ${joins} joins of seven calls, processes killed (\`-9\`) ${kills} times,`,
    `seeds ${seeds.join(', ')}, measured ${measured}; how each was set, and what the figures mean, stands in`,
    '[bench/peers/celery](../bench/peers/celery/README.md). None of the calls that Assay made again was a priced one.\n',
    table(head, rows),
  ];
}

function failureOf({ cell, seed, faults }: CellResult): string {
  return [
    `- \`--cell ${cell} --seed ${seed}\``,
    ...faults.map((fault) => `  - ${fault.replaceAll('\n', ' ')}`),
  ].join('\n');
}

function cellsTable(results: readonly CellResult[]): string {
  const rows = results.map((result) => [
    `\`${result.cell}\``,
    result.blows.map(blowInWords).join('; '),
    result.circumstance,
    `${result.rows}`,
    `${result.lost}`,
    `${result.doubled}`,
    `${result.recoveryS} s`,
    `${result.seed}`,
    result.ok ? 'ok' : '**failed**',
  ]);
  return table(['cell', 'what, at', 'amid', 'rows', 'lost', 'doubled', 'recovery', 'seed', ''], rows);
}

function blowInWords({ fault, victim, line, exit, atShare }: CellResult['blows'][number]): string {
  const where = line === undefined ? '' : ` (${line})`;
  const end = exit === undefined ? '' : `, gone after ${(exit.ms / 1_000).toFixed(1)} s`;
  return `${fault} ${victim}${where} at ${Math.round(atShare * 100)} %${end}`;
}

/** Columns as wide as their widest cell, as the formatter would have them. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(3, title.length, ...rows.map((row) => row[column]!.length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** What a cell is, for the list of them. */
export function cellInWords(cell: Cell): string {
  const blows = cell.blows.map(
    ({ fault, victim, line }) => `${fault} of ${victim}${line ? ` (${line})` : ''}`,
  );
  return `${cell.name.padEnd(32)} ${blows.join(', ')}; ${cell.circumstance}; ${cell.rows} rows; ≤ ${boundOf(cell)} s`;
}
