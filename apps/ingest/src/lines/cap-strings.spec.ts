import fc from 'fast-check';
import { isCut, StringCap } from './cap-strings.js';
import { LONGEST_LINE_BYTES } from './line-reader.js';

function capped(json: string, step: number): string {
  const cap = new StringCap();
  const bytes = Buffer.from(json);
  const out: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += step) out.push(cap.push(bytes.subarray(at, at + step)));
  return Buffer.concat(out).toString();
}

test('JSON without long strings passes as it is, whatever the chunks', () => {
  fc.assert(
    fc.property(fc.json(), fc.integer({ min: 1, max: 50 }), (json, step) => capped(json, step) === json),
  );
});

test('a long string is shortened and the JSON stays whole', () => {
  for (const unit of ['x', 'ä', '😀', String.raw`\"`, String.raw`\u0041`, String.raw`\\`, 'xä']) {
    const json = `{"urls":["${unit.repeat(LONGEST_LINE_BYTES + 1)}","next"]}`;
    const [first, second] = (JSON.parse(capped(json, 60_007)) as { urls: string[] }).urls;
    expect(Buffer.byteLength(first!)).toBeLessThan(LONGEST_LINE_BYTES + 10);
    expect(first).not.toContain('\uFFFD');
    expect(second).toBe('next');
    expect([isCut(first!), isCut(second!)]).toEqual([true, false]);
  }
});

test('a string of exactly the bound is whole, one byte more is cut', () => {
  const of = (length: number) => JSON.parse(capped(JSON.stringify('x'.repeat(length)), 1_000)) as string;
  expect(isCut(of(LONGEST_LINE_BYTES))).toBe(false);
  expect(isCut(of(LONGEST_LINE_BYTES + 1))).toBe(true);
});
