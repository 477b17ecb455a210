import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError } from '@assay/config';
import { builtInProviders, type Provider } from '@assay/providers';
import { Command } from 'commander';
import { config as readEnvFile } from 'dotenv';
import { checkProvider, type Check } from './check-provider.js';
import { exitCode } from './exit-code.js';
import { BadProviderId, newProvider } from './new-provider.js';
import { checkTable } from './print-checks.js';
import { readToolConfig } from './provider-tools.config.js';
import { recordAnswer } from './record-answer.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PROVIDERS = join(ROOT, 'libs', 'providers', 'src');
/** Providers that are checked at a time: each is asked once, most of the time is theirs. */
const AT_ONCE = 8;

/** A mistake of the person who called: said without a stack. */
class Mistake extends Error {}

function find(id: string): Provider {
  const provider = builtInProviders.find((one) => one.id === id);
  if (provider) return provider;
  throw new Mistake(
    `There is no provider "${id}". There are ${builtInProviders.map((one) => one.id).join(', ')}.`,
  );
}

async function check(ids: readonly string[], asJson: boolean): Promise<number> {
  const config = readToolConfig();
  const waiting = ids.length > 0 ? ids.map(find) : [...builtInProviders];
  const checks = new Map<string, Check[]>();
  const total = waiting.length;
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      checks.set(next.id, await checkProvider(next, config.keysOf(next), config));
      if (process.stderr.isTTY) process.stderr.write(`\r${checks.size} of ${total} `);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  await config.transport.close();
  if (process.stderr.isTTY) process.stderr.write('\r');
  const all = builtInProviders.flatMap(({ id }) => checks.get(id) ?? []);
  process.stdout.write(`${asJson ? JSON.stringify(all, undefined, 2) : checkTable(all)}\n`);
  return exitCode(all);
}

async function record(id: string, unit: string, surface: string | undefined, name: string): Promise<number> {
  const provider = find(id);
  const surfaces = [...new Set(provider.asks.map((ask) => ask.surface))];
  const chosen = surface ?? surfaces[0]!;
  if (!surfaces.includes(chosen))
    throw new Mistake(`${id} has no surface "${chosen}". It has ${surfaces.join(', ')}.`);
  const config = readToolConfig();
  const [key = ''] = config.keysOf(provider);
  const { files, finding } = await recordAnswer(provider, chosen, unit, key, { ...config, name });
  await config.transport.close();
  process.stdout.write(`${JSON.stringify(finding, undefined, 2)}\n`);
  for (const file of files) process.stdout.write(`libs/providers/src/${id}/recorded/${file}\n`);
  process.stdout.write(
    'Look through what was written before you commit it: it is as the provider sent it.\n',
  );
  return finding.outcome === 'failed' ? 1 : 0;
}

async function make(id: string): Promise<number> {
  const files = await newProvider(id, PROVIDERS);
  for (const file of files) process.stdout.write(`libs/providers/src/${file}\n`);
  process.stdout.write(
    `\nIt compiles and passes the conformance kit. Now take each FILL IN from the provider's documentation:\n` +
      `  grep -rn 'FILL IN' libs/providers/src/${id}\nand go on as docs/add-a-provider.md says.\n`,
  );
  return 0;
}

async function ending(work: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await work();
  } catch (error) {
    const forPeople = [Mistake, ConfigError, BadProviderId].some((kind) => error instanceof kind);
    process.stderr.write(`${forPeople ? (error as Error).message : String((error as Error).stack)}\n`);
    process.exitCode = 1;
  }
}

readEnvFile({ path: join(ROOT, '.env'), quiet: true });
const program = new Command('provider-tools').description(
  'Look after providers: check them, record them, add one.',
);
program
  .command('check')
  .description(
    'ask each provider for its canary, for real, and say how it answers; exit code 1 where somebody must look',
  )
  .argument('[providers...]', 'ids; default: all that are switched on')
  .option('--json', 'as JSON', false)
  .action((ids: string[], { json }: { json: boolean }) => ending(() => check(ids, json)));
program
  .command('record')
  .description('ask once and keep the answer, without secrets, in the folder `recorded` of the provider')
  .argument('<provider>')
  .argument('<unit>', 'what to ask about: a URL, host, origin, domain or handle')
  .option('--surface <surface>', 'which surface, where it has several')
  .option('--name <name>', 'name of the file, without its ending', 'live')
  .action((id: string, unit: string, { surface, name }: { surface?: string; name: string }) =>
    ending(() => record(id, unit, surface, name)),
  );
program
  .command('new')
  .description('make a provider from the template')
  .argument('<id>', 'lower-case letters and digits, parts joined by hyphens')
  .action((id: string) => ending(() => make(id)));
await program.parseAsync();
