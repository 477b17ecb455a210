import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@assay/testing';
import { descendants } from '../../harness/launched.js';
import { LINES_OF, serviceOf, type Blow } from './cells.js';
import { processOf, type RigSystem } from './rig-system.js';

const STOPPED_MS = 8_000;
const CUT_MS = 5_000;
const SLOW_LINE_MS = 150;
/** A process that was ended stands again within this, or the cell fails by itself. */
const BACK_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 5;

/** One blow as it fell. */
export interface Struck {
  readonly fault: Blow['fault'];
  readonly victim: Blow['victim'];
  /** The other end of a line that was hit. */
  readonly line?: string;
  readonly at: Date;
  /** When nothing stood in the way any more: at once after a kill, when the line or the process went on otherwise. */
  readonly over: Date;
  /** How a process ended that was asked to, and how long that took. */
  readonly exit?: { readonly how: string; readonly ms: number };
}

/**
 * Does it, and resolves when it is over and what was ended is there again. `random` picks the line of a service; `down`
 * is called right after a kill.
 */
export async function strike(
  rig: RigSystem,
  blow: Blow,
  random: () => number,
  down: () => Promise<void>,
): Promise<Struck> {
  const { fault, victim } = blow;
  switch (fault) {
    case 'sigkill':
      return { fault, victim, ...(await killed(rig, processOf(victim), down)) };
    case 'sigstop':
      return { fault, victim, ...(await stopped(rig, processOf(victim))) };
    case 'sigterm':
      return { fault, victim, ...(await ended(rig, processOf(victim))) };
    default:
      return { fault, victim, ...(await lineHit(rig, blow, random)) };
  }
}

/** A server's other processes belong to it: PostgreSQL has one for each connection. */
function signalAll(pid: number, signal: NodeJS.Signals): void {
  for (const one of [pid, ...descendants(pid)]) {
    try {
      process.kill(one, signal);
    } catch {
      // Gone by itself, as the children of a killed server go.
    }
  }
}

async function killed(rig: RigSystem, name: string, down: () => Promise<void>) {
  const old = await pidOf(rig, name);
  const at = new Date();
  signalAll(old, 'SIGKILL');
  await down();
  await backAgain(rig, name, old);
  return { at, over: at };
}

async function stopped(rig: RigSystem, name: string) {
  const pid = await pidOf(rig, name);
  const at = new Date();
  signalAll(pid, 'SIGSTOP');
  await pause(STOPPED_MS);
  signalAll(pid, 'SIGCONT');
  return { at, over: new Date() };
}

/** As an operator ends it. PostgreSQL would wait for its clients upon SIGTERM: its quick end is SIGINT. */
export async function ended(rig: RigSystem, name: string) {
  const old = await pidOf(rig, name);
  const notes = rig.test.notes.length;
  const at = new Date();
  process.kill(old, name === 'postgres' ? 'SIGINT' : 'SIGTERM');
  await eventually(
    () => rig.test.notes.slice(notes).some((note) => isEndOf(name, note)),
    Boolean,
    BACK_WITHIN_MS,
  );
  const over = new Date();
  const how = rig.test.notes.slice(notes).find((note) => isEndOf(name, note))!;
  await backAgain(rig, name, old);
  return { at, over, exit: { how, ms: over.getTime() - at.getTime() } };
}

const PART_NAMES: Readonly<Record<string, string>> = { kafka: 'Kafka', postgres: 'PostgreSQL' };
const isEndOf = (name: string, note: string) => note.startsWith(`${PART_NAMES[name] ?? name} ended`);

async function lineHit(rig: RigSystem, { fault, victim, line }: Blow, random: () => number) {
  const lines = LINES_OF[victim];
  const part = line ?? lines[Math.floor(random() * lines.length)]!;
  const proxies = rig.links.between(serviceOf(victim), part);
  const at = new Date();
  for (const proxy of proxies) {
    if (fault === 'cut') proxy.cut();
    else if (fault === 'stall') proxy.stall();
    else if (fault === 'reset') proxy.reset();
    else proxy.latencyMs = SLOW_LINE_MS;
  }
  if (fault !== 'reset') await pause(fault === 'cut' ? CUT_MS : STOPPED_MS);
  for (const proxy of proxies) {
    proxy.latencyMs = 0;
    proxy.pass();
  }
  return { line: part, at, over: new Date() };
}

/** One that was hit a moment ago is hit when it stands again. */
async function pidOf(rig: RigSystem, name: string): Promise<number> {
  const pid = await eventually(
    () => rig.test.pids()[name],
    (one) => one !== undefined,
    BACK_WITHIN_MS,
    LOOK_EVERY_MS,
  );
  return pid!;
}

/** Resolves when the supervisor has another process of that name. */
async function backAgain(rig: RigSystem, name: string, old: number): Promise<void> {
  await eventually(
    () => rig.test.pids()[name],
    (pid) => pid !== undefined && pid !== old,
    BACK_WITHIN_MS,
  );
}
