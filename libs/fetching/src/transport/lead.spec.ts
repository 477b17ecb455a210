import { readLead } from './lead.js';

const parts = { httpPort: 1, httpsPort: 2, dnsPort: 3, caFile: import.meta.filename };

test('nothing set, nothing led', () => {
  expect(readLead({ mode: 'production' })).toBeUndefined();
});

test('refused outside demo and test, in one sentence that names the remedy', () => {
  expect(() => readLead({ mode: 'production', ...parts })).toThrow(/ASSAY_MODE=production: unset them/);
});

test('a part alone is refused', () => {
  expect(() => readLead({ mode: 'demo', httpPort: 1 })).toThrow(/set all four/);
  expect(readLead({ mode: 'test', ...parts })).toMatchObject({ httpPort: 1, httpsPort: 2 });
});
