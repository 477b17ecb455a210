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
  if (cell.own === 'priced-calls') return new PricedCalls(rig);
  if (cell.own === 'acknowledged') return new Acknowledged(rig, say);
  const [{ fault, victim }, ...others] = cell.blows as [Blow, ...Blow[]];
  if (fault === 'sigkill' && others.length === 0 && cell.circumstance === 'steady' && serviceOf(victim))
    return new AskedOnce(rig, victim === 'fetcher', deadSitesOf(cell));
  return { faults: async (struck) => lateExits(struck) };
}
