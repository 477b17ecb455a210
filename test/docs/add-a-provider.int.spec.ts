import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { rootFolder } from '@assay/embedded';

const ROOT = rootFolder();
const COPIED = ['apps', 'libs', 'test', 'tools', 'docs', 'bench'];
const WITHIN_MS = 120_000;
let copy: string;

/** A checkout beside ours: its own sources and builds, our packages; those of the workspace are its own. */
beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'assay-add-'));
  const skipped = /\/node_modules$/;
  for (const folder of COPIED)
    await cp(join(ROOT, folder), join(copy, folder), {
      recursive: true,
      filter: (path) => !skipped.test(path),
    });
  for (const entry of await readdir(ROOT, { withFileTypes: true }))
    if (entry.isFile()) await cp(join(ROOT, entry.name), join(copy, entry.name));
  await linkPackages();
}, 60_000);
afterAll(() => rm(copy, { recursive: true, force: true }));

async function linkPackages(): Promise<void> {
  const packages = join(ROOT, 'node_modules');
  await mkdir(join(copy, 'node_modules', '@assay'), { recursive: true });
  for (const name of await readdir(packages))
    if (name !== '@assay') await symlink(join(packages, name), join(copy, 'node_modules', name));
  for (const kind of ['apps', 'libs'])
    for (const name of await readdir(join(copy, kind))) {
      await symlink(join('..', '..', kind, name), join(copy, 'node_modules', '@assay', name));
      const own = join(ROOT, kind, name, 'node_modules');
      await symlink(own, join(copy, kind, name, 'node_modules')).catch(() => undefined);
    }
}

type Step = { readonly run: string } | { readonly file: string; readonly text: string };

/** Shell blocks line by line, and each block that follows a path in backticks as that file. */
function stepsOf(document: string): Step[] {
  const blocks = /(?:^`([^`\n]+)`\n\n)?^```(\w+)\n([\s\S]*?)^```/gm;
  return [...document.matchAll(blocks)].flatMap(([, file, language, text = '']): Step[] => {
    if (file) return [{ file, text }];
    return language === 'sh'
      ? text
          .trim()
          .split('\n')
          .map((run) => ({ run }))
      : [];
  });
}

function run(command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
    execFile('sh', ['-c', command], { cwd: copy, env, maxBuffer: 1e8 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${command}\n${(stdout + stderr).slice(-4_000)}`));
      else resolve(stdout + stderr);
    });
  });
}

test(
  'docs/add-a-provider.md, followed to the letter, ends with a provider that works',
  async () => {
    const steps = stepsOf(await readFile(join(ROOT, 'docs/add-a-provider.md'), 'utf8'));
    expect(steps.filter((step) => 'run' in step).length).toBeGreaterThanOrEqual(6);
    const said = new Map<string, string>();
    for (const step of steps) {
      if ('run' in step) said.set(step.run, await run(step.run));
      else {
        await mkdir(dirname(join(copy, step.file)), { recursive: true });
        await writeFile(join(copy, step.file), step.text);
      }
    }
    expect(said.get('npm run provider:new -- beanrank')).toContain('FILL IN');
    expect(said.get('npm run kit -- beanrank')).toMatch(/✓ measured zero: never absent/);
    expect(said.get('npm run formats -- beanrank')).toMatch(/✓ beanrank: every finding is the truth/);
    expect(await readFile(join(copy, 'docs/providers.md'), 'utf8')).toContain('`beanrank`');
    expect(await readFile(join(copy, '.env.example'), 'utf8')).toContain('BEANRANK_KEY');
  },
  WITHIN_MS,
);
