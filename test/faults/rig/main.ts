/** npm run faults -- --help */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootFolder } from '@assay/embedded';
import { format, resolveConfig } from 'prettier';
import { CELLS } from './cells.js';
import { HELP, readOptions, type Options } from './options.js';
import { readPeers } from './peers.js';
import { cellInWords, reportOf } from './report.js';
import { readResults } from './results-file.js';
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
  if (options.what === 'report') return writeReport(options.results);
  console.log(options.what === 'list' ? CELLS.map(cellInWords).join('\n') : HELP);
  return 0;
}

async function writeReport(from: string): Promise<number> {
  const results = await readResults(from);
  if (results.length === 0) {
    console.error(`${from} holds no results yet: npm run faults -- --all`);
    return 2;
  }
  const file = join(rootFolder(), 'docs', 'faults.md');
  const text = reportOf(results, await readPeers(rootFolder()));
  await writeFile(file, await format(text, { ...(await resolveConfig(file)), parser: 'markdown' }));
  console.log(`${file}: ${results.length} cells`);
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
