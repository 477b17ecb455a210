import { firstCell, isHeader, separatorOf } from './csv-cell.js';

test.each([
  ['https://a.example/,x', ',', 'https://a.example/'],
  ['https://a.example/', ',', 'https://a.example/'],
  ['"https://a.example/?q=1,2",x', ',', 'https://a.example/?q=1,2'],
  ['"a""b"', ',', 'a"b'],
  ['https://a.example/?q=1,2;x', ';', 'https://a.example/?q=1,2'],
  ['"https://a.example/', ',', 'https://a.example/'],
])('%s', (record, separator, cell) => {
  expect(firstCell(record, separator)).toBe(cell);
});

test('a header is told from a URL', () => {
  expect(['url', 'URL,score', '"Landing Page";Visits', 'address'].every(isHeader)).toBe(true);
  expect(['https://a.example/,1', 'a.example,1', 'localhost/x', ''].some(isHeader)).toBe(false);
});

test('the header names the separator', () => {
  expect(['url,a;b', 'url;a', 'url\ta', 'url'].map(separatorOf)).toEqual([',', ';', '\t', ',']);
});
