import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootFolder } from '@assay/embedded';
import { builtInProviders, cellSchema, configureProviders } from '@assay/providers';
import { metricTables, providerTable } from './provider-table.js';

const DOCUMENT = join(rootFolder(), 'docs', 'providers.md');
const SCHEMA = join(rootFolder(), 'docs', 'cell.schema.json');
const schema = `${JSON.stringify(cellSchema(builtInProviders), undefined, 2)}\n`;

function filled(document: string): string {
  return document
    .replace(marks('table'), (_all, open: string, close: string) => `${open}\n${providerTable()}\n\n${close}`)
    .replace(
      marks('numbers'),
      (_all, open: string, close: string) => `${open}\n${metricTables()}\n\n${close}`,
    );
}

function marks(name: string): RegExp {
  return new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(<!-- /${name} -->)`);
}

/** `npm run settings` writes both files anew. */
if (process.env['UPDATE_SETTINGS']) {
  writeFileSync(DOCUMENT, filled(readFileSync(DOCUMENT, 'utf8')));
  writeFileSync(SCHEMA, schema);
}

/** A formatter pads the cells of a table. */
const words = (text: string) => text.split(/[|\s]+/).filter((word) => word && !/^-+$/.test(word));

test('docs/providers.md is made from the definitions: else npm run settings', () => {
  const document = readFileSync(DOCUMENT, 'utf8');
  expect(document).toMatch(marks('table'));
  expect(words(document)).toEqual(words(filled(document)));
});

test('docs/cell.schema.json is made from the definitions: else npm run settings', () => {
  expect(JSON.parse(readFileSync(SCHEMA, 'utf8'))).toEqual(JSON.parse(schema));
});

test('the settings that docs/providers.md shows are taken', () => {
  const shown = /```json\n([\s\S]*?)```/.exec(readFileSync(DOCUMENT, 'utf8'))?.[1] ?? '';
  const configured = configureProviders(
    builtInProviders,
    JSON.parse(shown) as Parameters<typeof configureProviders>[1],
  );
  expect(configured.find(({ id }) => id === 'moz')?.price).toEqual({ perUnitMicroUsd: 0 });
});
