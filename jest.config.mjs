// Tiers by suffix: .spec.ts (no I/O), .int.spec.ts (real Kafka, PostgreSQL), .e2e.spec.ts (the whole system).
const tier = process.env.TIER ?? 'unit';
/** Outages, poison, replays and lost rows on the whole system: minutes each. */
const LONG_FAULTS = '/test/faults/(own-outages|poison|replay|reconciliation|buried)';
const prepared = { globalSetup: '<rootDir>/tools/jest-prepare.mjs' };
const tiers = {
  unit: {
    testRegex: String.raw`(?<!\.(int|e2e))\.spec\.ts$`,
    testTimeout: 5_000,
    setupFiles: ['<rootDir>/tools/jest-no-sockets.mjs'],
  },
  // They wait more than they compute: four at a time on two cores, where jest would take one.
  int: { testRegex: String.raw`\.int\.spec\.ts$`, testTimeout: 90_000, maxWorkers: 4, ...prepared },
  // One whole system at a time: two would share two cores, and measure each other.
  e2e: {
    testRegex: String.raw`\.e2e\.spec\.ts$`,
    testPathIgnorePatterns: ['/node_modules/', '/test/governor/', LONG_FAULTS],
    testTimeout: 180_000,
    maxWorkers: 1,
    ...prepared,
  },
  faults: {
    testRegex: `${LONG_FAULTS}.*\\.e2e\\.spec\\.ts$`,
    testTimeout: 400_000,
    maxWorkers: 1,
    ...prepared,
  },
  // Minutes of waiting for limits, outages and kills: a tier of its own beside e2e.
  governor: {
    testRegex: String.raw`/test/governor/.*\.e2e\.spec\.ts$`,
    testTimeout: 400_000,
    maxWorkers: 1,
    ...prepared,
  },
};

export default {
  ...tiers[tier],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['/dist/', '/.cache/', '/.data/'],
  testEnvironmentOptions: { customExportConditions: ['@assay/source', 'node', 'node-addons'] },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
};
