import { spawn, type ChildProcess } from 'node:child_process';

/**
 * A shell that outlives us by seconds: it knows our children and ends them when its standard input
 * closes, which the kernel does for us even after `kill -9`. First the signal each asked for, after
 * 8 s SIGKILL. A shell costs 1 MB; a Node process would cost 40.
 */
const KEEPER = `
list=
while read -r sign pid signal; do
  if [ "$sign" = + ]; then list="$list $pid:$signal"
  else kept=; for entry in $list; do [ "\${entry%%:*}" = "$pid" ] || kept="$kept $entry"; done; list=$kept
  fi
done
for entry in $list; do kill -"\${entry#*:}" "\${entry%%:*}"; done 2>/dev/null
tries=0
while [ -n "$list" ] && [ $tries -lt 80 ]; do
  left=; for entry in $list; do kill -0 "\${entry%%:*}" && left="$left $entry"; done 2>/dev/null
  list=$left; tries=$((tries + 1)); [ -z "$list" ] || sleep 0.1
done
for entry in $list; do kill -KILL "\${entry%%:*}"; done 2>/dev/null`;

let keeper: ChildProcess | undefined;
const kept = new Set<number>();

/** Has `child` ended with `signal` should this process end without doing so itself. */
export function keep(child: ChildProcess, signal: 'TERM' | 'INT'): void {
  const { pid } = child;
  if (pid === undefined) return;
  kept.add(pid);
  tell(`+ ${pid} ${signal}`);
  child.once('exit', () => {
    kept.delete(pid);
    tell(`- ${pid} -`);
    if (kept.size === 0) dismiss();
  });
}

function tell(line: string): void {
  keeper ??= hire();
  keeper.stdin?.write(`${line}\n`);
}

function hire(): ChildProcess {
  // A session of its own: Ctrl-C in the terminal must not reach it.
  const shell = spawn('/bin/sh', ['-c', KEEPER], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
  });
  shell.unref();
  shell.stdin.on('error', () => undefined);
  (shell.stdin as unknown as { unref(): void }).unref();
  return shell;
}

function dismiss(): void {
  keeper?.stdin?.end();
  keeper = undefined;
}
