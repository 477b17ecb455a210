/** A row that a message is about. */
export interface LetterRow {
  readonly submission: string;
  readonly seq: number;
  readonly url?: string;
}

/** The rows that a message is about, by whatever of it can be read; none where nothing can. Never throws. */
export function rowsIn(value: Buffer | null): LetterRow[] {
  const message = parse(value);
  if (!isRecord(message)) return [];
  const plans = listOf(message['plans']);
  const many = [...listOf(message['rows']), ...listOf(message['cells'])];
  if (many.length === 0) return rowOf(message['plan'], message);
  return many.flatMap((one) => (isRecord(one) ? rowOf(plans[Number(one['plan'])], one) : []));
}

function rowOf(plan: unknown, row: Readonly<Record<string, unknown>>): LetterRow[] {
  const submission = isRecord(plan) ? plan['submission'] : undefined;
  const { seq, url } = row;
  if (typeof submission !== 'string' || typeof seq !== 'number') return [];
  return [{ submission, seq, ...(typeof url === 'string' && { url }) }];
}

function parse(value: Buffer | null): unknown {
  try {
    return JSON.parse((value ?? '').toString());
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
