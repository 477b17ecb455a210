import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CellResult } from './result.js';

/** What stands of all runs so far. Empty where there are none. */
export async function readResults(file: string): Promise<CellResult[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const lines = text.split('\n').filter(Boolean);
  return standing(lines.map((line) => JSON.parse(line) as CellResult));
}

/** Of a cell that was run more than once, the last; one that failed stands until it passes with the same seed. */
export function standing(results: readonly CellResult[]): CellResult[] {
  const byCell = new Map<string, CellResult>();
  for (const result of results) {
    const before = byCell.get(result.cell);
    if (before && !before.ok && result.ok && before.seed !== result.seed) continue;
    byCell.delete(result.cell);
    byCell.set(result.cell, result);
  }
  return [...byCell.values()];
}

export async function appendResult(file: string, result: CellResult): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await appendFile(file, `${JSON.stringify(result)}\n`);
}
