import type { SubmissionView } from '@assay/contracts';
import { Acknowledged } from './acknowledged.js';
import { AskedOnce } from './asked-once.js';
import { deadSitesOf, serviceOf, type Blow, type Cell } from './cells.js';
import { lateExits } from './late-exits.js';
import { PricedCalls } from './priced-calls.js';
import type { RigSystem } from './rig-system.js';
import type { Struck } from './strike.js';

/** What a cell asserts that no other does. */
export interface OwnAssertion {
  begin?(): Promise<void>;
  /** Right after a process was killed. */
  down?(): Promise<void>;
  /** When the list is complete. In words, what does not hold. */
  faults(struck: readonly Struck[], view: SubmissionView): Promise<string[]>;
}

export function ownAssertion(rig: RigSystem, cell: Cell, say: (text: string) => void): OwnAssertion {
  if (cell.own === 'priced-calls') return new PricedCalls(rig, deadSitesOf(cell));
  if (cell.own === 'acknowledged') return new Acknowledged(rig, say);
  const [{ fault, victim }, ...others] = cell.blows as [Blow, ...Blow[]];
  const isEnd = fault === 'sigkill' || fault === 'sigterm';
  if (!isEnd || others.length > 0 || cell.circumstance !== 'steady' || !serviceOf(victim))
    return { faults: async (struck) => lateExits(struck) };
  // Who is asked to end sees to it that what is in flight ends before.
  const once = new AskedOnce(rig, victim === 'fetcher' && fault === 'sigkill', deadSitesOf(cell));
  return {
    begin: () => once.begin(),
    down: () => once.down(),
    faults: async (struck, view) => [...lateExits(struck), ...(await once.faults(struck, view))],
  };
}
