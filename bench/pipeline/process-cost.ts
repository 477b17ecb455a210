import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks a second in /proc; 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

export interface ProcessCost {
  readonly cpuSeconds: number;
  readonly peakMb: number;
}

/** CPU used so far and peak memory of each named process with all its children. Linux only. */
export function processCosts(pids: Readonly<Record<string, number>>): Record<string, ProcessCost> {
  const processes = readProcesses();
  return Object.fromEntries(
    Object.entries(pids).map(([name, pid]) => {
      const family = familyOf(pid, processes);
      const cpuSeconds = family.reduce((sum, one) => sum + one.ticks, 0) / TICKS_PER_SECOND;
      return [name, { cpuSeconds, peakMb: family.reduce((sum, one) => sum + one.peakMb, 0) }];
    }),
  );
}

/** CPU spent between two readings, rounded to hundredths of a second. */
export function costBetween(
  before: Readonly<Record<string, ProcessCost>>,
  after: Readonly<Record<string, ProcessCost>>,
): Record<string, ProcessCost> {
  return Object.fromEntries(
    Object.entries(after).map(([name, cost]) => {
      const spent = cost.cpuSeconds - (before[name]?.cpuSeconds ?? 0);
      return [name, { cpuSeconds: Math.round(spent * 100) / 100, peakMb: Math.round(cost.peakMb) }];
    }),
  );
}

interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
  readonly peakMb: number;
}

function readProcesses(): ProcessEntry[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        // Fields after the command's closing bracket: state, parent, …; CPU in 12th and 13th, of reaped children in 14th and 15th.
        const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]!.split(' ');
        const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${name}/status`, 'utf8'));
        const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + Number(fields[index]), 0);
        return [
          { pid: Number(name), parent: Number(fields[1]), ticks, peakMb: Number(peak?.[1] ?? 0) / 1024 },
        ];
      } catch {
        return [];
      }
    });
}

function familyOf(pid: number, processes: readonly ProcessEntry[]): ProcessEntry[] {
  const own = processes.filter((entry) => entry.pid === pid);
  const children = processes.filter((entry) => entry.parent === pid);
  return [...own, ...children.flatMap((child) => familyOf(child.pid, processes))];
}
