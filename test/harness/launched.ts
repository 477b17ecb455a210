import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootFolder } from '@assay/embedded';
import { eventually } from '@assay/testing';

/** The launcher as a person starts it, in a process of its own. */
export class Launched {
  private text = '';
  readonly child: ChildProcess;

  constructor(args: readonly string[], environment: Readonly<Record<string, string>>) {
    const main = join(rootFolder(), 'apps/standalone/dist/main.js');
    this.child = spawn(process.execPath, [main, ...args], {
      env: { ...process.env, npm_lifecycle_event: '', ...environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout!, this.child.stderr!])
      stream.on('data', (data: Buffer) => (this.text += data.toString()));
  }

  /** Everything said so far. */
  get said(): string {
    return this.text;
  }

  says(what: string, withinMs: number): Promise<string> {
    return eventually(
      () => this.text,
      (text) => text.includes(what) || this.child.exitCode !== null,
      withinMs,
    );
  }

  /** Resolves to the exit code, or the signal that ended it. */
  async ended(): Promise<number | string> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
    return this.child.exitCode ?? this.child.signalCode!;
  }

  /** Of everything below the launcher. */
  family(): number[] {
    return descendants(this.child.pid!);
  }
}

/** A dead process that nobody has collected yet has no command line any more. */
export function isAlive(pid: number): boolean {
  return readProc(pid, 'cmdline') !== '';
}

/** Pids of everything below a process. */
export function descendants(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    // The name in brackets may hold spaces: the parent is the second field behind it.
    const parent = readProc(Number(name), 'stat').split(') ').at(-1)?.split(' ')[1];
    parents.set(Number(name), Number(parent));
  }
  const family: number[] = [];
  for (let next = [pid]; next.length > 0;) {
    next = [...parents].filter(([, parent]) => next.includes(parent)).map(([child]) => child);
    family.push(...next);
  }
  return family;
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
