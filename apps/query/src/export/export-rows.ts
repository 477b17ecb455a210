import type { RowView } from '@assay/contracts';
import type { Registry } from '@assay/providers';
import { csvColumns } from './csv-columns.js';
import { csvLines } from './csv-text.js';

export const EXPORT_FORMATS = ['csv', 'ndjson'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Rows after a seq, at most `limit`, in order. */
export type ReadRows = (after: number, limit: number) => Promise<readonly RowView[]>;

/** Rows of one statement: about 1 MB of JSON at 4 KB a row, and 25 ms in which nobody else is served. */
const ROWS_PER_READ = 250;

/** All rows as text, a chunk per read. The next read waits until the reader took the chunk: memory stays flat. */
export async function* exportRows(
  format: ExportFormat,
  asks: readonly string[],
  registry: Registry,
  read: ReadRows,
): AsyncGenerator<string> {
  const columns = csvColumns(asks, registry);
  if (format === 'csv') yield csvLines([columns.map((column) => column.title)]);
  let after = -1;
  for (;;) {
    const rows = await read(after, ROWS_PER_READ);
    const last = rows.at(-1);
    if (!last) return;
    yield format === 'csv'
      ? csvLines(rows.map((row) => columns.map((column) => column.value(row))))
      : rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    if (rows.length < ROWS_PER_READ) return;
    after = last.seq;
  }
}
