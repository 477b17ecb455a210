/** npm run faults -- --help */
import { CELLS } from './cells.js';
import { HELP, readOptions, type Options } from './options.js';
import { runCells } from './run-cells.js';

async function main(args: string[]): Promise<number> {
  let options: Options;
  try {
    options = readOptions(args);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    console.error(error.message);
    return 2;
  }
  if (options.what === 'run') return runCells(options);
  console.log(options.what === 'list' ? CELLS.map(({ name }) => name).join('\n') : HELP);
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
