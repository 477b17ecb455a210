import fc from 'fast-check';
import { LineReader, LONGEST_LINE_BYTES, type TextLine } from './line-reader.js';

function read(...chunks: Buffer[]): TextLine[] {
  const reader = new LineReader();
  return [...chunks.flatMap((chunk) => [...reader.push(chunk)]), ...reader.end()];
}

const texts = (lines: TextLine[]) => lines.map(({ number, text }) => [number, text]);

test('LF, CRLF and a last line without a break; blank lines count as an editor counts them', () => {
  expect(texts(read(Buffer.from('a\r\n\nb\nc')))).toEqual([
    [1, 'a'],
    [2, ''],
    [3, 'b'],
    [4, 'c'],
  ]);
});

test('a byte order mark is dropped, on the first line only', () => {
  expect(texts(read(Buffer.from('\uFEFFa\n\uFEFFb')))).toEqual([
    [1, 'a'],
    [2, '\uFEFFb'],
  ]);
});

test('where the chunks end makes no difference', () => {
  const anyLine = fc
    .string({ unit: 'grapheme', maxLength: 20 })
    .map((line) => line.replace(/[\r\n\uFEFF]/g, ''));
  fc.assert(
    fc.property(fc.array(anyLine), fc.array(fc.nat(40)), fc.boolean(), (lines, cuts, crlf) => {
      const bytes = Buffer.from(lines.map((line) => line + (crlf ? '\r\n' : '\n')).join(''));
      const chunks: Buffer[] = [];
      let from = 0;
      for (const cut of cuts) {
        chunks.push(bytes.subarray(from, from + cut));
        from += cut;
      }
      chunks.push(bytes.subarray(from));
      expect(texts(read(...chunks))).toEqual(lines.map((line, at) => [at + 1, line]));
    }),
  );
});

test('an endless line is cut at 64 KB, in one chunk or many, and the next is whole', () => {
  const long = Buffer.alloc(LONGEST_LINE_BYTES * 3, 'x');
  for (const chunks of [[long], [long.subarray(0, 70_000), long.subarray(70_000)]]) {
    const [first, second] = read(...chunks, Buffer.from('\nhttps://a.example/'));
    expect(first).toMatchObject({ number: 1, cut: true });
    expect(first!.text).toHaveLength(LONGEST_LINE_BYTES);
    expect(second).toEqual({ number: 2, text: 'https://a.example/', cut: false });
  }
});

test('an upload that is cut yields no half line', () => {
  const reader = new LineReader();
  expect(texts([...reader.push(Buffer.from('https://a.example/\nhttps://b.exa'))])).toEqual([
    [1, 'https://a.example/'],
  ]);
});
