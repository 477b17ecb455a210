import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { check, type CheckInput, type Report } from './check.js';

const HELP = `npm run faults:check -- --input urls.txt --submission <id> --database <url> --brokers <host:port> --simulator <url>

Proves what became of a list, without any of Assay's own code: see test/faults/checker/README.md.

  --input       the list as it was handed in, a URL a line
  --submission  the id it got
  --database    postgres://…
  --brokers     host:port of Kafka
  --simulator   the control endpoint of the simulator, http://127.0.0.1:3190 by default
  --poison      file of messages planted to die, topic:partition:offset a line
  --since       when the simulator last forgot its counts, as 2026-11-25T12:00:00Z; default: never
  --strict      nothing was disturbed: each outcome must be the truth's, not only each number
  --json        the last line is the report as JSON

Ends with 0 where all is right, 1 at any fault, 2 where something could not be read.`;

function readInput(values: Record<string, string | boolean | undefined>): Omit<CheckInput, 'poison'> {
  const missing = ['input', 'submission', 'database', 'brokers'].filter((name) => !values[name]);
  if (missing.length > 0)
    throw new Error(`missing: ${missing.map((name) => `--${name}`).join(', ')}; see --help`);
  const text = (name: string) => String(values[name]);
  return {
    inputFile: text('input'),
    submission: text('submission'),
    databaseUrl: text('database'),
    brokers: text('brokers'),
    simulatorUrl: text('simulator'),
    strict: values['strict'] === true,
    ...(values['since'] ? { since: readTime(text('since')) } : {}),
  };
}

function readTime(text: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw new Error(`--since ${text} is no time: write 2026-11-25T12:00:00Z`);
  return time;
}

async function readPlaces(file: string): Promise<string[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '');
}

function print(report: Report): void {
  const show = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 300);
  for (const { kind, where, expected, found } of report.faults)
    console.log(`${kind}: ${where}: ${show(found)}, not ${show(expected)}`);
  const { rows, cells, lost, doubled, faultsByKind } = report;
  const faults = Object.values(faultsByKind).reduce((sum, n) => sum + n, 0);
  console.log(`${rows} rows, ${cells} cells: ${faults} faults, ${lost} lost, ${doubled} doubled`);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      ...{ input: { type: 'string' }, submission: { type: 'string' }, database: { type: 'string' } },
      ...{ brokers: { type: 'string' }, poison: { type: 'string' }, since: { type: 'string' } },
      simulator: { type: 'string', default: 'http://127.0.0.1:3190' },
      ...{ strict: { type: 'boolean' }, json: { type: 'boolean' }, help: { type: 'boolean' } },
    },
  });
  if (values.help) return (console.log(HELP), 0);
  const poison = values.poison === undefined ? [] : await readPlaces(values.poison);
  const report = await check({ ...readInput(values), poison });
  print(report);
  if (values.json) console.log(JSON.stringify(report));
  return report.faults.length > 0 ? 1 : 0;
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  return 2;
});
