/** Names one row everywhere: (submission, seq). */
export interface RowId {
  readonly submission: string;
  readonly seq: number;
}

export function rowKey(row: RowId): string {
  return `${row.submission}/${row.seq}`;
}

/** One order for all statements, so that two of them never wait for each other's rows. */
export function compareRows(a: RowId, b: RowId): number {
  if (a.submission === b.submission) return a.seq - b.seq;
  return a.submission < b.submission ? -1 : 1;
}
