import { Member } from './member.js';
import type { Process } from './process.js';
import type { Effect, Ending } from './wire.js';
import type { World } from './world.js';

/** How much of what may go wrong in one run. */
export type Budget = Record<'kill' | 'cut' | 'sleep' | 'lag' | 'rebalance' | 'bury' | 'leap' | 'act', number>;

interface Fault {
  readonly of: keyof Budget;
  readonly what: string;
  run(): unknown;
}

/** All that may go wrong now, as far as the budget goes. */
export function faultsOf(world: World, budget: Budget): Fault[] {
  const faults: Fault[] = [];
  const add = (of: keyof Budget, what: string, run: () => unknown) => {
    if (budget[of] > 0) faults.push({ of, what, run });
  };
  for (const process of world.processes) {
    add('kill', `kill ${process.name}`, () => process.kill());
    if (!process.asleep) add('sleep', `stop ${process.name}`, () => (process.asleep = true));
    for (const effect of process.wire.effects) if (effect.can()) addCuts(process, effect, add);
    if (process instanceof Member && !process.asleep) {
      add('lag', `${process.name} fetches nothing`, () => (process.lags = true));
      for (const message of process.of.messages)
        add('bury', `${process.name} gives up on the next ${message}`, () => process.buryNext(message));
    }
  }
  for (const group of world.groups) {
    const names = world.members.filter(({ of }) => of === group).map(({ name }) => name);
    add('rebalance', `${group.name}: one takes all`, () => group.rebalance([names[group.generation % 2]!]));
    add('rebalance', `${group.name}: exchange`, () =>
      group.rebalance(group.generation % 2 ? names.toReversed() : names),
    );
  }
  return faults;
}

type Add = (of: keyof Budget, what: string, run: () => unknown) => void;

function addCuts(process: Process, effect: Effect, add: Add): void {
  const end = (ending: Ending) => () => process.wire.end(effect, ending);
  const produces = effect.what.startsWith('produce');
  add('cut', `${process.name}: ${effect.what}, not heard of`, end('unheard'));
  add('cut', `${process.name}: ${effect.what}, refused`, end('refused'));
  if (produces) add('cut', `${process.name}: ${effect.what}, twice`, end('twice'));
  add('kill', `kill ${process.name} after ${effect.what}`, () => {
    process.wire.end(effect, 'done');
    process.kill();
  });
}
