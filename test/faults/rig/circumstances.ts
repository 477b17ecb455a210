import { setTimeout as pause } from 'node:timers/promises';
import { MESSAGES, topicOf } from '@assay/contracts';
import type { KeptMessage } from '../../harness/topics.js';
import { ROWS_OF_A_DOMAIN } from './cell-list.js';
import { serviceOf, type Cell } from './cells.js';
import { FETCHER } from './links.js';
import { processOf, type RigSystem } from './rig-system.js';

/** Marks what the rig planted: a dead letter keeps the headers of its message. */
export const POISON_HEADER = 'poison';
const PARTITIONS = 12;
const SLOW_PAGE_MS = 400;
/** A look-up of a domain is so many calls. */
const CALLS_OF_A_LOOKUP = 5;
/** Share of domains that are looked up before it hangs or says 429: all the others end in one moment. */
const WELL_AT_FIRST = 0.7;
/** A replica is asked to start so long before the blow at most: it joins its group while the blow falls. */
const JOINS_WITHIN_MS = 2_500;

/** What holds while a cell runs; undone when its list is complete. */
export interface Around {
  /** To be called right before the first blow. */
  beforeBlow(): Promise<void>;
  afterBlow(): Promise<void>;
  undo(): Promise<void>;
  /** Poison messages that were sent. */
  readonly poison: () => number;
  /** Whether the second process joined; undefined where there was to be none. */
  readonly joined?: () => boolean;
}

export async function begin(rig: RigSystem, cell: Cell, random: () => number): Promise<Around> {
  const { simulator } = rig.test;
  if (cell.paced) await simulator.fault('page', 'slow', { ms: SLOW_PAGE_MS });
  if (cell.circumstance === 'hanging') await simulator.fault('dns', 'hang', { after: wellAtFirst(cell) });
  if (cell.circumstance === 'limited') await simulator.fault('dns', '429', { after: wellAtFirst(cell) });
  if (cell.circumstance === 'rebalancing') return rebalancing(rig, cell, random);
  if (cell.circumstance === 'poison') return poisoned(rig, cell, random);
  const nothing = () => Promise.resolve();
  return { beforeBlow: nothing, afterBlow: nothing, undo: () => rig.mend(), poison: () => 0 };
}

function wellAtFirst({ rows }: Cell): number {
  return CALLS_OF_A_LOOKUP * Math.floor((WELL_AT_FIRST * rows) / ROWS_OF_A_DOMAIN);
}

/** Who has a group of his own gets company there; for those who have none the joiner does. */
function rebalanced(cell: Cell): string {
  const service = serviceOf(cell.blows[0]!.victim);
  return service === FETCHER || service === 'store' ? service : processOf('joiner');
}

function rebalancing(rig: RigSystem, cell: Cell, random: () => number): Around {
  let replica: Promise<string | undefined> = Promise.resolve(undefined);
  let joined = false;
  return {
    beforeBlow: async () => {
      // One that the blow keeps from starting is started again.
      replica = rig.addReplica(rebalanced(cell)).then(
        (name) => {
          joined = true;
          return name;
        },
        () => undefined,
      );
      await pause(random() * JOINS_WITHIN_MS);
    },
    afterBlow: () => Promise.resolve(),
    undo: async () => {
      const name = await replica;
      if (name) await rig.dropReplica(name);
      await rig.mend();
    },
    poison: () => 0,
    joined: () => joined,
  };
}

/** One in a hundred of the messages of each topic, half before the blow, half after it. */
function poisoned(rig: RigSystem, cell: Cell, random: () => number): Around {
  const half = Math.ceil(cell.rows / 200);
  let sent = 0;
  const send = async () => {
    const messages = MESSAGES.flatMap((message) =>
      Array.from({ length: half }, () => poison(topicOf(message, 'bulk'), random)),
    );
    await rig.topics.send(messages);
    sent += messages.length;
  };
  return { beforeBlow: send, afterBlow: send, undo: () => rig.mend(), poison: () => sent };
}

/** Not JSON, another contract, or nothing at all. */
const VALUES = ['{"v":1,', '{"v":99,"rows":[]}', '[]', '', 'null'];

function poison(topic: string, random: () => number): KeptMessage {
  const value = Buffer.from(VALUES[Math.floor(random() * VALUES.length)]!);
  const partition = Math.floor(random() * PARTITIONS);
  return { topic, partition, key: null, value, headers: { [POISON_HEADER]: '1' } };
}
