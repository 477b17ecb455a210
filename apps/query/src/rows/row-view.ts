import type { CellView, JoinedCell, Quality, RowState, RowView, Spam } from '@assay/contracts';

/** A row of `submission_line` with its `url_row`, whose columns are null until it was dispatched. */
export interface RowRecord {
  readonly submission: string;
  readonly seq: string;
  readonly url: string;
  readonly host: string;
  readonly domain: string;
  readonly state: RowState | null;
  readonly version: number | null;
  readonly cells: Readonly<Record<string, JoinedCell>> | null;
  /** By ask, then by metric. */
  readonly numbers: Readonly<Record<string, Readonly<Record<string, unknown>>>> | null;
  readonly spam: Spam | null;
  readonly quality: Quality | null;
}

/** A row as people see it. Numbers stand only beside a value that was measured. */
export function rowView(record: RowRecord): RowView {
  return {
    submission: record.submission,
    seq: Number(record.seq),
    url: record.url,
    host: record.host,
    domain: record.domain,
    state: record.state ?? 'waiting',
    version: record.version ?? 0,
    cells: cellViews(record),
    spam: record.spam,
    quality: record.quality,
  };
}

function cellViews({ cells, numbers }: RowRecord): Record<string, CellView> {
  const views: Record<string, CellView> = {};
  for (const [ask, cell] of Object.entries(cells ?? {})) {
    const measured = numbers?.[ask];
    views[ask] = cell.outcome === 'ok' && measured ? { ...cell, numbers: { ...measured } } : cell;
  }
  return views;
}
