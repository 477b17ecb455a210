/** The key of a row. */
export interface NamedRow {
  readonly submission: string;
  readonly seq: number;
}

/**
 * Rows that a message of the catalogue is about, read from its bytes without checking the rest: also of one that its
 * contract refuses. Empty where nothing can be read.
 */
export function rowsIn(value: Buffer | string | null): NamedRow[] {
  let message: unknown;
  try {
    message = JSON.parse((value ?? '').toString());
  } catch {
    return [];
  }
  if (!isRecord(message)) return [];
  const { plan, seq, plans, cells, rows } = message;
  if (plan !== undefined) return named(plan, seq);
  const many = listOf(cells ?? rows);
  return many.flatMap((row) =>
    isRecord(row) && typeof row['plan'] === 'number' ? named(listOf(plans)[row['plan']], row['seq']) : [],
  );
}

function named(plan: unknown, seq: unknown): NamedRow[] {
  if (!isRecord(plan) || typeof plan['submission'] !== 'string' || typeof seq !== 'number') return [];
  return [{ submission: plan['submission'], seq }];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
