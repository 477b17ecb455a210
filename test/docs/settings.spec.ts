import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootFolder } from '@assay/embedded';
import { allSettings, composeEnvironment, envExample, settingsTable } from './settings.js';

const EXAMPLE = join(rootFolder(), '.env.example');
const README = join(rootFolder(), 'README.md');
const COMPOSE = join(rootFolder(), 'docker-compose.yml');
const COMPOSE_MARKS = /( {4}# settings\n)[\s\S]*?( {4}# \/settings)/;
const MARKS = /(<!-- settings -->\n)[\s\S]*?(<!-- \/settings -->)/;
const settings = allSettings();

/** `npm run settings` writes both files anew. */
if (process.env['UPDATE_SETTINGS']) {
  writeFileSync(EXAMPLE, envExample(settings));
  writeFileSync(README, withTable(readFileSync(README, 'utf8')));
  writeFileSync(COMPOSE, withEnvironment(readFileSync(COMPOSE, 'utf8')));
}

function withTable(readme: string): string {
  return readme.replace(
    MARKS,
    (_all, open: string, close: string) => `${open}\n${settingsTable(settings)}\n\n${close}`,
  );
}

function withEnvironment(compose: string): string {
  return compose.replace(
    COMPOSE_MARKS,
    (_all, open: string, close: string) => `${open}${composeEnvironment(settings)}\n${close}`,
  );
}

test('docker-compose.yml passes on every setting and key: else npm run settings', () => {
  const compose = readFileSync(COMPOSE, 'utf8');
  expect(compose).toBe(withEnvironment(compose));
  expect(compose).toContain('MOZ_TOKEN: ${MOZ_TOKEN:-}');
});

test('.env.example lists what the code reads, with its defaults: else npm run settings', () => {
  expect(readFileSync(EXAMPLE, 'utf8')).toBe(envExample(settings));
});

test("README's table is made from the same: else npm run settings", () => {
  const readme = readFileSync(README, 'utf8');
  const cells = (text: string) =>
    text
      .split(/[|\n]/)
      .map((cell) => cell.trim())
      .filter((cell) => cell && !/^-+$/.test(cell));
  expect(cells(MARKS.exec(readme)?.[0] ?? '')).toEqual(
    cells(MARKS.exec(withTable(readme))?.[0] ?? 'no marks'),
  );
});

test('every setting says what it is for', () => {
  expect(settings.filter(({ meaning }) => meaning === '').map(({ name }) => name)).toEqual([]);
});
