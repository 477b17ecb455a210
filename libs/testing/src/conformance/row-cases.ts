import type { Rows } from '@assay/providers/examples';

export type List = readonly unknown[];

/** Turns the rows of an answer, wherever they stand, into others. */
export function withRows(text: string, { path }: Rows, map: (rows: List) => List): string {
  const top = JSON.parse(text) as unknown;
  return JSON.stringify(mapAt(top, path, map));
}

function mapAt(value: unknown, [name, ...rest]: readonly string[], map: (rows: List) => List): unknown {
  if (name === undefined) return mapRows(value, map);
  if (Array.isArray(value))
    return value.map((item, at) => (String(at) === name ? mapAt(item, rest, map) : item));
  const object = value as Readonly<Record<string, unknown>>;
  return { ...object, [name]: mapAt(object[name], rest, map) };
}

/** A list of rows, or an object of rows by unit as a list of `[name, row]`. */
function mapRows(rows: unknown, map: (rows: List) => List): unknown {
  if (Array.isArray(rows)) return map(rows);
  return Object.fromEntries(map(Object.entries(rows as object)) as [string, unknown][]);
}

/** How many rows the answer has. */
export function rowCount(text: string, rows: Rows): number {
  let count = 0;
  withRows(text, rows, (list) => {
    count = list.length;
    return list;
  });
  return count;
}
