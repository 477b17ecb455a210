// Graph rules, from the same table as lint. Unlike lint they see dynamic imports and cycles.
import { HOMES, INDEPENDENT, PROJECTS } from './tools/boundaries.mjs';

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

const allowed = Object.entries(PROJECTS).map(([project, libs]) => ({
  name: `may-use:${project}`,
  comment: `${project} may import ${libs.join(', ') || 'nothing of ours'} (tools/boundaries.mjs)`,
  severity: 'error',
  from: { path: `^${project}/src/`, pathNot: '\\.(spec|fixture)\\.ts$' },
  to: {
    path: '^(apps|libs)/',
    pathNot: [project, ...libs.map((name) => `libs/${name}`)].map((path) => `^${path}/`),
  },
}));

const homes = Object.entries(HOMES).map(([name, projects]) => ({
  name: `home-of:${name}`,
  comment: `${name} has its home in ${projects[0]}`,
  severity: 'error',
  from: {
    path: '^(apps|libs)/',
    pathNot: [...projects.map((path) => `^${path}/`), '^apps/[^/]+/test/', '\\.(spec|fixture)\\.ts$'],
  },
  to: { path: `(^|/)node_modules/${escaped(name)}/` },
}));

export default {
  forbidden: [
    {
      name: 'no-app-imports-an-app',
      comment: 'Services speak by messages and tables.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'contracts-imports-nothing',
      comment: 'Everybody imports contracts.',
      severity: 'error',
      from: { path: '^libs/contracts/' },
      to: { path: '^(apps|libs)/', pathNot: '^libs/contracts/' },
    },
    {
      name: 'checker-imports-nothing-of-ours',
      comment: 'What proves the others must not share their errors.',
      severity: 'error',
      from: { path: `^${INDEPENDENT.folder}/`, pathNot: '\\.spec\\.ts$' },
      to: { path: '^(apps|libs|test|bench|tools)/', pathNot: `^${INDEPENDENT.folder}/` },
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    ...allowed,
    ...homes,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: `^((apps|libs)/[^/]+|${INDEPENDENT.folder})/dist/` },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.specs.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@assay/source', 'import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
  },
};
