// Plants one violation of every boundary in a copy of the code and fails unless lint or the graph
// rules report each of them, by the rule that is meant to. A rule that catches nothing is no rule.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DECISIONS, HOMES, INDEPENDENT, PROJECTS } from './boundaries.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const lint = (what, file, code, rule) => ({ what, file, code, rule, by: 'oxlint' });
const graph = (what, file, code, rule) => ({ what, file, code, rule, by: 'dependency-cruiser' });
const statements = (n) => Array.from({ length: n }, (_, i) => `  use(${i});`).join('\n');
const HEAD = 'export const use = (value: unknown): void => void value;\n';

/** A file that a decision's patterns cover, whatever they look like. */
function decisionFile([, patterns]) {
  const [pattern] = patterns;
  if (pattern.endsWith('/*/**')) return pattern.replace('/*/**', '/planted/planted-decision.ts');
  return pattern.replace('**', 'planted-decision.ts').replace('*', 'planted');
}

/** Each stands on a line of its own in one file: decisions that are named one by one have no other. */
const IMPURE = [
  ['the clock', 'export const a = (): number => Date.now();', 'no-restricted-properties'],
  ['chance', 'export const b = (): number => Math.random();', 'no-restricted-properties'],
  ['the environment', "export const c = process.env['X'];", 'no-restricted-properties'],
  ['a framework', "export { Module } from '@nestjs/common';", 'no-restricted-imports'],
  ['the broker', "export { Kafka } from 'kafkajs';", 'no-restricted-imports'],
  ['the database', "export { DataSource } from 'typeorm';", 'no-restricted-imports'],
  ['the disk', "export { readFile } from 'node:fs/promises';", 'no-restricted-imports'],
];
const impureCode = IMPURE.map(([, code]) => `${code}\n`).join('');
const decisions = Object.entries(DECISIONS).flatMap((entry) =>
  IMPURE.map(([what, , rule], at) => ({
    ...lint(`decision of ${entry[0]} with ${what}`, decisionFile(entry), impureCode, rule),
    line: at + 1,
  })),
);

const homes = Object.entries(HOMES).flatMap(([name, projects]) => {
  const foreign = Object.keys(PROJECTS).find((project) => !projects.includes(project));
  return [
    lint(
      `${name} outside its home`,
      `${foreign}/src/planted.ts`,
      `export * from '${name}';\n`,
      'no-restricted-imports',
    ),
    graph(
      `${name} outside its home, dynamically`,
      `${foreign}/src/planted.ts`,
      `export const x = import('${name}');\n`,
      `home-of:${name}`,
    ),
  ];
});

const libraries = Object.entries(PROJECTS).flatMap(([project, libs]) => {
  const others = Object.keys(PROJECTS).filter((path) => path.startsWith('libs/') && path !== project);
  const foreign = others.map((path) => path.split('/')[1]).find((name) => !libs.includes(name));
  const file = `${project}/src/planted.ts`;
  return [
    lint(`${project} uses ${foreign}`, file, `export * from '@assay/${foreign}';\n`, 'no-restricted-imports'),
    graph(
      `${project} uses ${foreign}, dynamically`,
      file,
      `export const x = import('@assay/${foreign}');\n`,
      `may-use:${project}`,
    ),
  ];
});

const apps = Object.keys(PROJECTS)
  .filter((path) => path.startsWith('apps/'))
  .flatMap((app) => {
    const other = app === 'apps/ingest' ? 'query' : 'ingest';
    const file = `${app}/src/planted.ts`;
    const code = `export * from '../../${other}/src/main.js';\n`;
    return [
      lint(`${app} imports an app`, file, code, 'no-restricted-imports'),
      graph(`${app} imports an app`, file, code, 'no-app-imports-an-app'),
    ];
  });

const STORE = 'apps/store/src/planted.ts';
const single = [
  graph(
    'contracts imports a library',
    'libs/contracts/src/planted.ts',
    "export * from '../../config/src/index.js';\n",
    'contracts-imports-nothing',
  ),
  lint(
    'a file of a library',
    STORE,
    "export * from '@assay/contracts/src/topics.js';\n",
    'no-restricted-imports',
  ),
  lint(
    'environment outside config',
    STORE,
    "export const x = process.env['X'];\n",
    'no-restricted-properties',
  ),
  lint('environment by import', STORE, "export { env } from 'node:process';\n", 'no-restricted-imports'),
  lint('a file over 300 lines', STORE, `${HEAD}${'use(1);\n'.repeat(301)}`, 'max-lines'),
  lint(
    'a function over 50 lines',
    STORE,
    `${HEAD}export function long(): void {\n${statements(51)}\n}\n`,
    'max-lines-per-function',
  ),
  lint('a promise that nobody awaits', STORE, 'Promise.resolve(1);\n', 'no-floating-promises'),
  lint('any', STORE, 'export const x = (y: any): void => void y;\n', 'no-explicit-any'),
  lint('an unnamed debt', STORE, `// ${'TO'}${'DO'} later\nexport const x = 1;\n`, 'no-warning-comments'),
  lint(
    'sleeping in a spec',
    'apps/store/src/planted.spec.ts',
    "test('x', () => void setTimeout(() => 1, 5));\n",
    'no-restricted-globals',
  ),
  lint(
    'sleeping in a spec, by import',
    'apps/store/src/planted.spec.ts',
    "export { setTimeout } from 'node:timers/promises';\n",
    'no-restricted-imports',
  ),
  graph('a cycle', 'apps/store/src/planted-b.ts', "export * from './planted-a.js';\n", 'no-circular'),
];

const PROOF = `${INDEPENDENT.folder}/planted.ts`;
const independent = [
  ['a library', '@assay/contracts'],
  ['a file of a library', '../../../libs/contracts/src/topics.js'],
  ['a file of the tests beside it', '../test-urls.js'],
  ['a package of its choice', 'axios'],
].flatMap(([what, from]) => [
  lint(`the checker imports ${what}`, PROOF, `export * from '${from}';\n`, 'no-restricted-imports'),
  ...(from === 'axios'
    ? []
    : [
        graph(
          `the checker imports ${what}, dynamically`,
          PROOF,
          `export const x = import('${from}');\n`,
          'checker-imports-nothing-of-ours',
        ),
      ]),
]);

/** Must not be reported: a rule that catches everything is none either. */
const ALLOWED = {
  file: 'apps/store/src/planted-allowed.ts',
  code: "export { topicOf } from '@assay/contracts';\nexport { computeQuality } from '@assay/indicators';\n",
};

function copyOfTheCode() {
  const place = realpathSync(mkdtempSync(join(tmpdir(), 'assay-planted-')));
  const skip = new Set(['node_modules', 'dist', '.git', '.cache', '.data', '.nx']);
  const wanted = (path) => !skip.has(path.split('/').at(-1));
  for (const name of readdirSync(root))
    if (wanted(name)) cpSync(join(root, name), join(place, name), { recursive: true, filter: wanted });
  mkdirSync(join(place, 'node_modules', '@assay'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules')))
    if (name !== '@assay') symlinkSync(join(root, 'node_modules', name), join(place, 'node_modules', name));
  // Our own libraries must resolve within the copy: the rules go by path.
  for (const path of Object.keys(PROJECTS))
    symlinkSync(join(place, path), join(place, 'node_modules', '@assay', path.split('/')[1]));
  return place;
}

function plant(place, file, code) {
  mkdirSync(dirname(join(place, file)), { recursive: true });
  writeFileSync(join(place, file), code);
}

/** What was reported: tool, rule, file and, for lint, line. A cycle is reported at one of its files. */
function reports(place, files) {
  const run = (tool, args) =>
    spawnSync(join(root, 'node_modules', '.bin', tool), args, {
      cwd: place,
      encoding: 'utf8',
      maxBuffer: 1e9,
    });
  const linted = JSON.parse(run('oxlint', ['-f', 'json', ...files]).stdout).diagnostics;
  const cruised = JSON.parse(
    run('depcruise', ['--config', '.dependency-cruiser.mjs', '-T', 'json', ...files]).stdout,
  );
  return [
    ...linted.map(({ filename, code, labels }) => ({
      by: 'oxlint',
      file: filename,
      rule: code.replace(/^.*\((.*)\)$/, '$1'),
      line: labels[0]?.span.line,
    })),
    ...cruised.summary.violations.map(({ from, rule }) => ({
      by: 'dependency-cruiser',
      file: from,
      rule: rule.name,
    })),
  ];
}

const all = [...apps, ...libraries, ...homes, ...decisions, ...single, ...independent];
const place = copyOfTheCode();
const missed = [];
try {
  // Each in a file of its own, so that all stand at once; decisions keep the names that make them such.
  all.forEach((violation, at) => (violation.file = violation.file.replace('planted.', `planted-${at}.`)));
  plant(place, 'apps/store/src/planted-a.ts', "export * from './planted-b.js';\n");
  plant(place, ALLOWED.file, ALLOWED.code);
  for (const { file, code } of all) plant(place, file, code);
  const found = reports(place, [...new Set(all.map(({ file }) => file)), ALLOWED.file]);
  for (const { what, file, rule, by, line } of all) {
    const same = found.filter((report) => report.by === by && report.rule === rule);
    const here = same.some(
      (report) =>
        (rule === 'no-circular' && report.file.includes('planted-')) ||
        (report.file === file && (!line || report.line === line)),
    );
    if (!here) missed.push(`${by} did not report ${rule} for: ${what} (${file})`);
  }
  for (const { file, rule } of found)
    if (file === ALLOWED.file) missed.push(`what is allowed was reported: ${rule}`);
} finally {
  rmSync(place, { recursive: true, force: true });
}
for (const line of missed) console.error(line);
console.log(`planted violations: ${all.length - missed.length} of ${all.length} reported`);
process.exit(missed.length > 0 ? 1 : 0);
