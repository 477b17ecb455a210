/** The first cell of a CSV record. A quoted cell ends at its closing quote; `""` in it is one quote. */
export function firstCell(record: string, separator: string): string {
  const text = record.trimStart();
  if (!text.startsWith('"')) {
    const end = text.indexOf(separator);
    return end < 0 ? text : text.slice(0, end);
  }
  let cell = '';
  for (let at = 1; at < text.length; at++) {
    if (text[at] !== '"') cell += text[at];
    else if (text[at + 1] === '"') cell += text[at++];
    else return cell;
  }
  return cell;
}

/** A first record is a header where its first cell cannot be an address: it holds no `:`, `/` or `.`. */
export function isHeader(record: string): boolean {
  return record.trim() !== '' && !/[:/.]/.test(firstCell(record, separatorOf(record)));
}

/** Spreadsheets write `;` or tabs where a comma is the decimal sign. Only a header tells. */
export function separatorOf(header: string): string {
  if (header.includes(',')) return ',';
  if (header.includes(';')) return ';';
  return header.includes('\t') ? '\t' : ',';
}
