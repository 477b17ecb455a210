// Writes .oxlintrc.json from the table of boundaries; `--check` only says whether it is up to date.
// An override replaces a rule's options whole: so each project, its specs and its decisions get all of them.
import { readFileSync, writeFileSync } from 'node:fs';
import {
  DECISIONS,
  HOMES,
  IMPURE_PACKAGES,
  INDEPENDENT,
  PROJECTS,
  READS_ENVIRONMENT,
  SPEC_LIBS,
  SPEC_PACKAGES,
} from './boundaries.mjs';

const FILE = new URL('../.oxlintrc.json', import.meta.url);
const lines = (max) => ['error', { max, skipBlankLines: true, skipComments: true }];

function restrictedImports(project, { libs = [], packages = [], impure = [] } = {}) {
  const allowed = [...new Set([...PROJECTS[project], ...libs])];
  const homeless = Object.entries(HOMES).filter(
    ([name, homes]) => !homes.includes(project) && !packages.includes(name),
  );
  return [
    'error',
    {
      paths: [
        ...homeless.map(([name, homes]) => ({ name, message: `${name} has its home in ${homes[0]}` })),
        ...['process', 'node:process'].map((name) => ({
          name,
          message: 'the environment is read in *.config.ts',
        })),
      ],
      patterns: [
        {
          group: ['@assay/*', ...allowed.map((name) => `!@assay/${name}`)],
          message: `not a library that ${project} may use (tools/boundaries.mjs)`,
        },
        {
          regex: '^@assay/[^/]+/.*[/.]',
          message: 'import a library by its name, or an entry that it exports, not a file of it',
        },
        { regex: '^(\\.\\./)+(apps|libs)/', message: 'no relative import across projects' },
        {
          regex: `^(\\.\\./)+(${otherNames(project)})/(src|dist)/`,
          message: 'no relative import across projects',
        },
        ...(impure.length > 0 ? [{ group: impure, message: 'a decision is a pure function' }] : []),
      ],
    },
  ];
}

function otherNames(project) {
  const names = Object.keys(PROJECTS).filter((other) => other !== project);
  return names.map((path) => path.split('/')[1]).join('|');
}

const NO_CAN_PARSE = {
  object: 'URL',
  property: 'canParse',
  message: 'Node 20 refuses Latin-1 letters once it is compiled: parseUrl() of @assay/contracts',
};
const EVERYWHERE = [
  { object: 'process', property: 'env', message: 'the environment is read in *.config.ts' },
  NO_CAN_PARSE,
];
const NO_CLOCK = [
  ...EVERYWHERE,
  { object: 'Date', property: 'now', message: 'a decision is given the time' },
  { object: 'Math', property: 'random', message: 'a decision is given its ids' },
  { object: 'performance', property: 'now', message: 'a decision is given the time' },
];
const SPEC_FILES = ['*.spec.ts', '*.fixture.ts', 'spec-support/**'];
const NO_SLEEP = [
  { name: 'setTimeout', message: 'wait for a condition: eventually() of @assay/testing' },
  { name: 'setInterval', message: 'wait for a condition: eventually() of @assay/testing' },
];

/** Overrides apply in order, later over earlier: project, then its decisions, then specs. */
function overridesOf(project) {
  const impure = { impure: IMPURE_PACKAGES };
  const specs = restrictedImports(project, { libs: SPEC_LIBS, packages: SPEC_PACKAGES });
  const noTimers = {
    name: 'node:timers/promises',
    message: 'wait for a condition: eventually() of @assay/testing',
  };
  specs[1].paths.push(noTimers, { ...noTimers, name: 'timers/promises' });
  const decisions = DECISIONS[project];
  return [
    { files: [`${project}/src/**`], rules: { 'no-restricted-imports': restrictedImports(project) } },
    ...(decisions
      ? [
          {
            files: decisions,
            rules: {
              'no-restricted-imports': restrictedImports(project, impure),
              'no-restricted-properties': ['error', ...NO_CLOCK],
            },
          },
        ]
      : []),
    {
      files: SPEC_FILES.map((pattern) => `${project}/src/**/${pattern}`),
      rules: { 'no-restricted-imports': specs, 'no-restricted-properties': ['error', ...EVERYWHERE] },
    },
  ];
}

const config = {
  $schema: './node_modules/oxlint/configuration_schema.json',
  plugins: ['typescript', 'import', 'unicorn', 'promise'],
  options: { typeAware: true },
  categories: { correctness: 'error' },
  ignorePatterns: ['**/dist/**', '**/recorded/**', '.data/**', '.cache/**', 'bench/peers/**/node_modules/**'],
  rules: {
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': ['error', { checksVoidReturn: false }],
    'typescript/await-thenable': 'error',
    'typescript/no-explicit-any': 'error',
    'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    // Off: constructor injection and stubs pass methods about, and texts here are URLs, not emoji.
    'typescript/unbound-method': 'off',
    'typescript/no-base-to-string': 'off',
    'typescript/no-misused-spread': 'off',
    'typescript/require-array-sort-compare': 'off',
    'promise/no-callback-in-promise': 'off',
    'no-control-regex': 'off',
    'unicorn/no-new-array': 'off',
    'unicorn/no-useless-spread': 'off',
    eqeqeq: 'error',
    'no-console': 'error',
    'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
    'max-lines': lines(300),
    'max-lines-per-function': lines(50),
    'no-restricted-properties': ['error', ...EVERYWHERE],
  },
  overrides: [
    ...Object.keys(PROJECTS).flatMap(overridesOf),
    {
      files: ['**/*.spec.ts'],
      rules: { 'no-restricted-globals': ['error', ...NO_SLEEP], 'max-lines-per-function': lines(80) },
    },
    {
      files: [`${INDEPENDENT.folder}/**`],
      rules: { 'no-restricted-imports': independentImports(INDEPENDENT) },
    },
    { files: [`${INDEPENDENT.folder}/*.spec.ts`], rules: { 'no-restricted-imports': 'off' } },
    { files: READS_ENVIRONMENT, rules: { 'no-restricted-properties': ['error', NO_CAN_PARSE] } },
    { files: ['tools/**', 'bench/**', 'test/**'], rules: { 'no-console': 'off' } },
  ],
};

/** Everything is forbidden but Node, the files beside it and the packages named: also what is not there yet. */
function independentImports({ packages }) {
  const group = ['*', '!node:*', '!node:*/*', '!./*', ...packages.map((name) => `!${name}`)];
  return ['error', { patterns: [{ group, message: 'the checker imports nothing of ours' }] }];
}

const text = `${JSON.stringify(config, null, 2)}\n`;
if (process.argv.includes('--check')) {
  if (readFileSync(FILE, 'utf8') !== text) {
    console.error(
      '.oxlintrc.json is not what tools/boundaries.mjs says: run node tools/make-lint-config.mjs',
    );
    process.exit(1);
  }
} else {
  writeFileSync(FILE, text);
}
