import fc from 'fast-check';
import { csvLines, csvValue } from './csv-text.js';

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '  =1', '\n', '＝1'])(
  'a text that a spreadsheet would run is disarmed: %j',
  (text) => {
    expect(csvValue(text)).toBe(`'${text}`);
  },
);

test('numbers stay numbers, what is missing stays empty, zero stays zero', () => {
  expect([-5, 0, 1.5, undefined, null, Number.NaN, true, false, ''].map(csvValue)).toEqual([
    '-5',
    '0',
    '1.5',
    '',
    '',
    '',
    'true',
    'false',
    '',
  ]);
});

test('commas, quotes and line breaks are quoted, records end with CRLF', () => {
  expect(csvLines([['a,b', 'c"d', 'e\nf', 'g\rh', 'plain']])).toBe('"a,b","c""d","e\nf","g\rh",plain\r\n');
});

test('what is written is read back by RFC 4180', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.string({ unit: 'binary' }), { minLength: 2, maxLength: 4 }), { minLength: 1 }),
      (table) => {
        const same = table.map((record) => [...record, 'end']);
        expect(parse(csvLines(same))).toEqual(same.map((record) => record.map(csvValue)));
      },
    ),
  );
});

/** A reader of its own, by the grammar of RFC 4180. */
function parse(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let at = 0;
  while (at < text.length) {
    let cell = '';
    if (text[at] === '"') {
      for (at++; !(text[at] === '"' && text[at + 1] !== '"'); at++) {
        if (text[at] === '"') at++;
        cell += text[at];
      }
      at++;
    } else {
      while (text[at] !== ',' && !text.startsWith('\r\n', at)) cell += text[at++];
    }
    record.push(cell);
    if (text[at] === ',') at++;
    else {
      at += 2;
      records.push(record);
      record = [];
    }
  }
  return records;
}
