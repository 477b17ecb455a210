import { openDatabase } from '@assay/database';
import { placeText, readDeadLetters } from '@assay/messaging';
import type { StandaloneConfig } from '../standalone.config.js';
import { findAddresses, type Addresses, type RunName } from '../running-place.js';
import { checkBrokers } from '../preflight/check-answers.js';
import { isMeant, placeOf, readFilter, type FilterOptions } from './letter-filter.js';
import { LetterList, type ListedLetter } from './letter-list.js';
import { countLines, letterLines, printable } from './letter-text.js';
import { Mistake } from './mistake.js';
import { returnedAt } from './replayed-letters.js';

export interface DeadOptions extends FilterOptions {
  readonly limit?: string;
  readonly json: boolean;
  readonly show?: string;
  readonly of?: RunName;
}

const SHOWN = 20;
/** About 1 KB each is held. */
const MOST_SHOWN = 100_000;
const NARROWEST = 60;

/** Lists dead letters, newest first, with counts by group and code. */
export async function listDead(
  config: StandaloneConfig,
  options: DeadOptions,
  out: NodeJS.WriteStream,
): Promise<void> {
  const filter = readFilter(options);
  const limit = readLimit(options);
  const shown = options.show === undefined ? undefined : placeOf(options.show);
  const addresses = await findAddresses(config, options.of);
  await checkBrokers(addresses.brokers);
  if (shown !== undefined) return showValue(addresses, placeText(shown), out);
  const list = new LetterList(limit);
  await readDeadLetters(addresses, (letters) => {
    for (const letter of letters) if (isMeant(letter, filter)) list.add(letter);
  });
  const newest = await withReturns(addresses, list.newest());
  if (options.json) for (const letter of newest) out.write(`${JSON.stringify(letter)}\n`);
  else for (const line of listText(list, newest, filter, out.columns)) out.write(`${line}\n`);
}

function listText(
  list: LetterList,
  newest: readonly ListedLetter[],
  filter: object,
  columns: number | undefined,
): string[] {
  const filtered = Object.keys(filter).length > 0;
  if (list.total === 0)
    return [
      filtered ? 'No dead letter is like that.' : 'There are no dead letters: every message was handled.',
    ];
  const width = columns === undefined ? Number.POSITIVE_INFINITY : Math.max(NARROWEST, columns);
  const letters = newest.flatMap((letter) => [...letterLines(letter, width), '']);
  const all = list.total === 1 ? '1 dead letter' : `${list.total} dead letters`;
  const cut = newest.length < list.total ? ` (the newest ${newest.length} are shown: --limit)` : '';
  return [
    ...letters,
    `${all}${filtered ? ' like that' : ''}${cut}. By group and code:`,
    ...countLines(list.counts),
  ];
}

/** @throws Mistake */
function readLimit({ limit, json }: DeadOptions): number {
  if (limit === undefined) return json ? MOST_SHOWN : SHOWN;
  const read = Number(limit);
  if (Number.isSafeInteger(read) && read >= 1 && read <= MOST_SHOWN) return read;
  throw new Mistake(`--limit ${limit}: write a number from 1 to ${MOST_SHOWN}.`);
}

/** Says of each whether it was returned, where the database can be asked; the list does not depend on it. */
async function withReturns(
  { databaseUrl: url }: Partial<Addresses>,
  letters: readonly ListedLetter[],
): Promise<readonly ListedLetter[]> {
  if (url === undefined || letters.length === 0) return letters;
  try {
    const database = await openDatabase({ url, poolSize: 1, applicationName: 'assay-dead' });
    try {
      const returned = await returnedAt(database, letters);
      return letters.map((one) => {
        const at = returned.get(placeText(one.letter));
        return at ? { ...one, returnedAt: at.toISOString() } : one;
      });
    } finally {
      await database.close();
    }
  } catch {
    return letters;
  }
}

/** The whole value of the letter at this place, or of those whose message came from there. */
async function showValue(
  addresses: Pick<Addresses, 'brokers'>,
  place: string,
  out: NodeJS.WriteStream,
): Promise<void> {
  let found = 0;
  await readDeadLetters(addresses, (letters) => {
    for (const letter of letters) {
      if (placeText(letter.place) !== place && placeText(letter.origin) !== place) continue;
      found++;
      if (!out.isTTY) out.write(Buffer.concat([letter.value ?? Buffer.alloc(0), Buffer.from('\n')]));
      else out.write(`${printable((letter.value ?? '').toString())}\n`);
    }
  });
  if (found === 0)
    throw new Mistake(
      `There is no dead letter at ${place}, nor one of a message from there: npm run dead lists them.`,
    );
}
