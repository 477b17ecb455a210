// Builds what changed, then hands over to the launcher in this same process, so that Ctrl-C reaches it.
// Plain JavaScript without imports of ours: it must run, and speak, on a checkout that is not built yet.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const OLDEST_NODE = [20, 19];
const SAY_AFTER_MS = 2_000;
const root = join(dirname(fileURLToPath(import.meta.url)), '..');

function refuse(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]))
  refuse(`Node ${process.versions.node} is too old: install ${OLDEST_NODE.join('.')} or newer.`);
if (!existsSync(join(root, 'node_modules', '.bin', 'tsc')))
  refuse('Dependencies are not installed: run npm ci first.');

/** Resolves to what the compiler said; empty when all is well. */
function build() {
  return new Promise((resolve) => {
    const child = spawn(join(root, 'node_modules', '.bin', 'tsc'), ['-b'], { cwd: root });
    let said = '';
    child.stdout.on('data', (data) => (said += data));
    child.stderr.on('data', (data) => (said += data));
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code) => resolve(code === 0 ? '' : said || `tsc ended with ${code}`));
  });
}

const saying = setTimeout(() => process.stderr.write('Building …\n'), SAY_AFTER_MS);
const faults = await build();
clearTimeout(saying);
if (faults)
  refuse(`The code does not compile, so nothing was started:\n${faults.split('\n').slice(0, 20).join('\n')}`);
await import(pathToFileURL(join(root, 'apps', 'standalone', 'dist', 'main.js')).href);
