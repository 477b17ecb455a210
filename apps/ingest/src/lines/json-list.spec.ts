import fc from 'fast-check';
import { Refusal } from '../problem.js';
import { JsonList } from './json-list.js';

function read(
  json: string | Buffer,
  step = 7,
): { urls: [number, unknown][]; options: Record<string, unknown> } {
  const urls: [number, unknown][] = [];
  const options: Record<string, unknown> = {};
  const list = new JsonList(['name', 'providers', 'deadlines'], {
    onElement: (number, value) => urls.push([number, value]),
    onOption: (name, value) => (options[name] = value),
  });
  const bytes = Buffer.from(json);
  for (let at = 0; at < bytes.length; at += step) list.push(bytes.subarray(at, at + step));
  list.end();
  return { urls, options };
}

function refusal(json: string, step?: number): string {
  try {
    read(json, step);
  } catch (error) {
    if (error instanceof Refusal && error.status === 400) return error.detail;
    throw error;
  }
  return 'not refused';
}

test('elements come one by one, options from before and behind the list', () => {
  const json = '\uFEFF {"name":"n","urls":["a","b"],"providers":["x","y"],"deadlines":{"round1Ms":5000}} \n';
  expect(read(json)).toEqual({
    urls: [
      [1, 'a'],
      [2, 'b'],
    ],
    options: { name: 'n', providers: ['x', 'y'], deadlines: { round1Ms: 5000 } },
  });
});

test('any list of texts is read as it is, wherever the chunks end', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), fc.integer({ min: 1, max: 40 }), (urls, step) => {
      expect(read(JSON.stringify({ urls }), step).urls).toEqual(urls.map((url, at) => [at + 1, url]));
    }),
  );
});

test('elements that are no texts are handed over too', () => {
  expect(read('{"urls":[1,null,{"a":"b"},["c"],"d"]}').urls.map(([, value]) => value)).toEqual([
    1,
    null,
    { a: 'b' },
    ['c'],
    'd',
  ]);
});

test.each([
  ['{"urls":["a"', /broken or ends too early/],
  ['{"urls":["a",]}', /broken/],
  ['{"urls":["a"]} x', /broken/],
  ['{"urls":["a"]}{"urls":["b"]}', /broken|object/],
  ['', /broken/],
  ['not json', /broken/],
  ['["https://a.example/"]', /stand in an object/],
  ['"https://a.example/"', /JSON object/],
  ['{"urls":"https://a.example/"}', /must be a list/],
  ['{"urls":{"a":"b"}}', /must be a list/],
  ['{"urls":[],"colour":"red"}', /no option "colour".*urls, name/],
  ['{"urls":[[[["a"]]]]}', /nested too deep/],
])('%s is refused', (json, detail) => {
  expect(refusal(json)).toMatch(detail);
});

test('no single value takes more than its share of memory', () => {
  expect(refusal(`{"urls":[[${'"a",'.repeat(2_000)}"a"]]}`, 60_000)).toMatch(/too large/);
  expect(refusal(`{"urls":[${' '.repeat(3_000_000)}]}`, 60_000)).toMatch(/too large/);
  expect(refusal(`{"urls":[${'1'.repeat(3_000_000)}]}`, 60_000)).toMatch(/too large/);
  const { urls } = read(`{"urls":["${'x'.repeat(3_000_000)}","next"]}`, 60_000);
  expect(urls[1]).toEqual([2, 'next']);
});
