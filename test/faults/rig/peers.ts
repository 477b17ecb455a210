import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Kills of the same kind that other systems took: bench/peers/celery/measured.json. */
export interface Peers {
  /** Day. */
  readonly measured: string;
  readonly joins: number;
  readonly kills: number;
  readonly seeds: readonly number[];
  /** One number for each seed. */
  readonly runs: readonly {
    readonly system: string;
    readonly command: string;
    readonly never: readonly number[];
    readonly twice: readonly number[];
    readonly callsAgain: readonly number[];
  }[];
}

export async function readPeers(root: string): Promise<Peers> {
  return JSON.parse(await readFile(join(root, 'bench/peers/celery/measured.json'), 'utf8')) as Peers;
}

/** The rows of their table, under its head. */
export function peerRows({ runs }: Peers): string[][] {
  return [
    ['system', 'never ended', 'ended twice', 'calls made again', 'command'],
    ...runs.map(({ system, never, twice, callsAgain, command }) => [
      system,
      never.join(', '),
      twice.join(', '),
      callsAgain.join(', '),
      `\`${command}\``,
    ]),
  ];
}
