import { MESSAGES } from '@assay/contracts';
import { Option, type Command } from 'commander';
import { RUNS } from '../running-place.js';
import { readStandaloneConfig } from '../standalone.config.js';
import { listDead, type DeadOptions } from './list-dead.js';
import { replayDead, type ReplayOptions } from './replay-dead.js';

const WHERE = `
It speaks to the Kafka of the npm start or npm run demo that runs on this machine, or to KAFKA_BROKERS (and
DATABASE_URL) where they are set, here or in .env. docs/dead-letters.md says what the codes mean and what to do.`;

/** `dead` and `replay`; `ending` ends the process with what they come to. */
export function addDeadCommands(program: Command, ending: (work: Promise<void>) => Promise<never>): void {
  filtered(program.command('dead'))
    .description('list dead letters: messages that one group of readers gave up on; newest first')
    .option('--limit <n>', 'show this many (default: 20; with --json 100000)')
    .option('--json', 'one JSON object a line, and nothing else', false)
    .option('--show <place>', 'print the whole value of the letter, or of those that came from there')
    .addHelpText(
      'after',
      `${WHERE}\n\n  npm run dead -- --group store --code unstorable\n  npm run -s dead -- --json | jq -r .reason`,
    )
    .action((options: DeadOptions) => {
      // `| head` ends before we do.
      process.stdout.once('error', () => process.exit(0));
      return ending(listDead(readStandaloneConfig(), options, process.stdout));
    });
  filtered(program.command('replay'))
    .description(
      'return dead letters to the group that gave up on each, and to no other, once the cause is mended',
    )
    .option('--all', 'all of them, where no filter is given', false)
    .option('--again', 'those too that were returned before', false)
    .option('--dry-run', 'count them, return none', false)
    .addHelpText('after', `${WHERE}\n\n  npm run replay -- --group store --code unstorable --dry-run`)
    .action((options: ReplayOptions) => ending(replayDead(readStandaloneConfig(), options, process.stdout)));
}

function filtered(command: Command): Command {
  return command
    .option('--group <name>', 'the group that gave up: store, joiner, fetcher.moz')
    .option('--code <code>', 'why: contract, not_json, too_large, unstorable, answer_missing')
    .option('--message <name>', `one of ${MESSAGES.join(', ')}`)
    .option('--submission <id>', 'about a row of this submission')
    .option('--letter <place>', 'the one at topic:partition:offset, or those that came from there')
    .addOption(new Option('--of <run>', 'where both run here').choices(Object.keys(RUNS)));
}
