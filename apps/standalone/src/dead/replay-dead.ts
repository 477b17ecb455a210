import { openDatabase, type OpenDatabase } from '@assay/database';
import { MissingPartError } from '@assay/embedded';
import {
  canReturn,
  createPublisher,
  placeText,
  readDeadLetters,
  returnLetter,
  type DeadLetterFound,
  type Publisher,
} from '@assay/messaging';
import { createLogger } from '@assay/telemetry';
import { checkBrokers, checkDatabase } from '../preflight/check-answers.js';
import { findAddresses, type RunName } from '../running-place.js';
import type { StandaloneConfig } from '../standalone.config.js';
import { isMeant, readFilter, type FilterOptions, type LetterFilter } from './letter-filter.js';
import { Mistake } from './mistake.js';
import { replayText, ReplayCounts } from './replay-counts.js';
import { idOf, markReturned, returnedAt } from './replayed-letters.js';

export interface ReplayOptions extends FilterOptions {
  readonly all: boolean;
  readonly again: boolean;
  readonly dryRun: boolean;
  readonly of?: RunName;
}

interface Parts {
  readonly database: OpenDatabase;
  readonly publisher: Publisher;
}

/** Returns dead letters to the group that gave up on each, and to nobody else. */
export async function replayDead(
  config: StandaloneConfig,
  options: ReplayOptions,
  out: NodeJS.WriteStream,
): Promise<void> {
  const filter = readFilter(options);
  if (Object.keys(filter).length === 0 && !options.all)
    throw new Mistake(
      'Say which dead letters to return: --group, --code, --message, --submission, --letter, or --all of them. ' +
        'npm run dead lists them; --dry-run only counts.',
    );
  const { brokers, databaseUrl: url } = await findAddresses(config, options.of);
  if (url === undefined)
    throw new MissingPartError('What was returned is noted in PostgreSQL: name it by DATABASE_URL.');
  await Promise.all([checkBrokers(brokers), checkDatabase(url)]);
  const database = await openDatabase({ url, poolSize: 2, applicationName: 'assay-replay' });
  try {
    await checkTable(database);
    const logger = createLogger('replay', 'silent');
    const publisher = await createPublisher({ brokers, clientId: 'assay-replay', logger });
    try {
      const counts = await replayAll(brokers, filter, options, { database, publisher });
      for (const line of replayText(counts, options.dryRun)) out.write(`${line}\n`);
    } finally {
      await publisher.close();
    }
  } finally {
    await database.close();
  }
}

async function replayAll(
  brokers: string,
  filter: LetterFilter,
  options: ReplayOptions,
  parts: Parts,
): Promise<ReplayCounts> {
  const counts = new ReplayCounts();
  await readDeadLetters({ brokers, ...(filter.message && { messages: [filter.message] }) }, (letters) =>
    replaySome(
      letters.filter((letter) => isMeant(letter, filter)),
      counts,
      options,
      parts,
    ),
  );
  return counts;
}

/** Broker first, then the note: killed in between, a letter is returned twice and never lost. */
async function replaySome(
  letters: readonly DeadLetterFound[],
  counts: ReplayCounts,
  { again, dryRun }: ReplayOptions,
  { database, publisher }: Parts,
): Promise<void> {
  const able = letters.filter((one) => canReturn(one) && one.origin.partition < publisher.partitions);
  counts.unable += letters.length - able.length;
  const returned = await returnedAt(database, able.map(idOf));
  const due = able.filter((one) => again || !returned.has(placeText(one.place)));
  counts.before += able.length - due.length;
  if (!dryRun) {
    await Promise.all(due.map((letter) => returnLetter(publisher, letter)));
    await markReturned(database, due.map(idOf));
  }
  for (const letter of due) counts.add(letter);
}

/** @throws MissingPartError where the tables are of an earlier version */
async function checkTable(database: OpenDatabase): Promise<void> {
  const { rows } = await database.query<{ there: boolean }>({
    text: "SELECT to_regclass('replayed_letter') IS NOT NULL AS there",
  });
  if (!rows[0]?.there)
    throw new MissingPartError(
      'This database has no table for returned dead letters: start Assay on it once, or run `node apps/standalone/dist/main.js setup`.',
    );
}
