import { ConfigError } from '@assay/config';
import { MissingPartError, rootFolder } from '@assay/embedded';
import { LettersStalled, NoDeadTopics } from '@assay/messaging';
import { ProviderSettingsError } from '@assay/providers';
import { Command } from 'commander';
import { config as readEnvFile } from 'dotenv';
import { join } from 'node:path';
import { demo, setup, start, type DemoOptions, type Run } from './commands.js';
import { addDeadCommands } from './dead/add-commands.js';
import { Mistake } from './dead/mistake.js';
import { ApiError } from './demo/api-client.js';
import { LiveLines } from './demo/screen.js';
import { isUnderNpm } from './standalone.config.js';
import { StartError } from './supervisor/managed-service.js';
import { aborted, stopSignal } from './until-stopped.js';

const givenAt = Date.now() - Math.round(process.uptime() * 1_000);
const run: Run = { live: new LiveLines(process.stdout), signal: stopSignal(isUnderNpm()), givenAt };

const FOR_PEOPLE = [
  MissingPartError,
  ConfigError,
  ApiError,
  StartError,
  ProviderSettingsError,
  Mistake,
  NoDeadTopics,
  LettersStalled,
];

/** One sentence for what a person can mend; the whole story for what is a fault of ours. */
function explain(error: unknown): string {
  if (FOR_PEOPLE.some((kind) => error instanceof kind)) return (error as Error).message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

async function ending(work: Promise<void>): Promise<never> {
  try {
    await work;
    process.exit(0);
  } catch (error) {
    if (run.signal.aborted) process.exit(0);
    process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  }
}

readEnvFile({ path: join(rootFolder(), '.env'), quiet: true });
const program = new Command('assay').description(
  'Numbers about URLs from many third-party providers. Kafka and PostgreSQL are started here unless KAFKA_BROKERS and DATABASE_URL name others.',
);
program
  .command('demo')
  .description('start everything on simulated providers, hand in a list and show what comes of it')
  .argument('[list]', 'file with one URL a line, - for standard input; default: a shipped list of real URLs')
  .option('--keep', 'keep what earlier demos stored', false)
  .option('--plan', 'show what the list would take: calls, price, time; ask nothing', false)
  .action((list: string | undefined, options: DemoOptions) => ending(demo(run, list, options)));
program
  .command('start')
  .description('start everything for daily use: data kept, real providers')
  .action(() => ending(start(run)));
program
  .command('setup')
  .description('make topics and tables on KAFKA_BROKERS and DATABASE_URL, then end')
  .action(() => ending(setup(run)));
addDeadCommands(program, (work) => ending(Promise.race([work, aborted(run.signal)])));
await program.parseAsync();
