import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CellResult } from './result.js';

/** Results of all runs so far; of a cell that was run more than once, the last. Empty where there are none. */
export async function readResults(file: string): Promise<CellResult[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const byCell = new Map<string, CellResult>();
  for (const line of text.split('\n').filter(Boolean)) {
    const result = JSON.parse(line) as CellResult;
    byCell.delete(result.cell);
    byCell.set(result.cell, result);
  }
  return [...byCell.values()];
}

export async function appendResult(file: string, result: CellResult): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await appendFile(file, `${JSON.stringify(result)}\n`);
}
