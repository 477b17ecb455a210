import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { isRunning } from './end-process.js';

const LOOK_EVERY_MS = 20;
const LOG_LINES = 6;

/**
 * Resolves when `ready` holds. Rejects when the child ends first or `withinMs` pass, with the last
 * lines of its log; a child that did not get ready is killed.
 */
export async function waitUntilReady(
  part: string,
  child: ChildProcess,
  log: string,
  ready: () => Promise<boolean>,
  withinMs = 60_000,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  let failed: Error | undefined;
  child.once('error', (error) => (failed = error));
  while (Date.now() < deadline) {
    if (failed) throw new Error(`${part} did not start: ${failed.message}`);
    if (!isRunning(child)) throw new Error(`${part} ended at its start: ${await tail(log)}`);
    if (await ready()) return;
    await pause(LOOK_EVERY_MS);
  }
  child.kill('SIGKILL');
  throw new Error(`${part} was not ready within ${withinMs / 1000} s: ${await tail(log)}`);
}

async function tail(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return `${text.trim().split('\n').slice(-LOG_LINES).join('\n')}\n(more in ${file})`;
}
