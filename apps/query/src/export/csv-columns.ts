import type { CellView, RowView } from '@assay/contracts';
import type { Registry } from '@assay/providers';

export interface CsvColumn {
  readonly title: string;
  value(row: RowView): unknown;
}

/**
 * Columns of a submission's export, the same for every row: seq, url, host, domain, state; per planned
 * ask its outcome, `<ask>.until` and `<ask>.<metric>` for every metric of its provider; then indicators.
 */
export function csvColumns(asks: readonly string[], registry: Registry): CsvColumn[] {
  return [
    { title: 'seq', value: (row) => row.seq },
    { title: 'url', value: (row) => row.url },
    { title: 'host', value: (row) => row.host },
    { title: 'domain', value: (row) => row.domain },
    { title: 'state', value: (row) => row.state },
    ...asks.flatMap((ask) => askColumns(ask, registry)),
    { title: 'spam.probability', value: (row) => row.spam?.probability },
    { title: 'spam.flag', value: (row) => row.spam?.flag },
    { title: 'spam.reasons', value: (row) => row.spam?.reasons.join('; ') },
    { title: 'quality.score', value: (row) => row.quality?.score },
    { title: 'quality.coverage', value: (row) => row.quality?.coverage },
  ];
}

function askColumns(ask: string, registry: Registry): CsvColumn[] {
  const metrics = registry.asks.get(ask)?.provider.metrics ?? [];
  return [
    { title: ask, value: (row) => outcomeText(row.cells[ask]) },
    { title: `${ask}.until`, value: (row) => isoOf(untilOf(row.cells[ask])) },
    ...metrics.map(({ id }) => ({
      title: `${ask}.${id}`,
      value: (row: RowView) => row.cells[ask]?.numbers?.[id],
    })),
  ];
}

/**
 * `ok`, `absent`, `failed(timeout)`, `skipped(quota)`; `ok(stale)` where the numbers beside it are of an older answer,
 * since the last try failed; `pending` where there is no outcome yet.
 */
export function outcomeText(cell: CellView | undefined): string {
  if (!cell) return 'pending';
  if (cell.stale) return `${cell.outcome}(stale)`;
  return cell.detail ? `${cell.outcome}(${cell.detail})` : cell.outcome;
}

/** Of a stale value the last try says when asking again makes sense. */
function untilOf(cell: CellView | undefined): number | undefined {
  return cell?.stale ? cell.last?.until : cell?.until;
}

const isoOf = (millis: number | undefined) =>
  millis === undefined ? undefined : new Date(millis).toISOString();
