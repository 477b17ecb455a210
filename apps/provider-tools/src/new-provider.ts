import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { templateFiles } from './template/template-files.js';

const ID = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const LIST = 'built-in.ts';

/** A mistake of the person who called. */
export class BadProviderId extends Error {}

/**
 * Makes the folder of a new provider out of the template and puts it into the list of all. `folder` is
 * libs/providers/src. Returns the files written, relative to it.
 * @throws BadProviderId
 */
export async function newProvider(id: string, folder: string): Promise<string[]> {
  if (!ID.test(id))
    throw new BadProviderId(`"${id}" is no id: lower-case letters and digits, parts joined by hyphens.`);
  if (existsSync(join(folder, id))) throw new BadProviderId(`There is a folder ${id} already.`);
  const files = templateFiles(id, nameOf(id));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const list = join(folder, LIST);
  await writeFile(list, withProvider(await readFile(list, 'utf8'), id));
  return [...Object.keys(files), LIST];
}

/** `ahrefs-dr` as `ahrefsDr`. */
export function nameOf(id: string): string {
  return id.replace(/-([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase());
}

/** The list of all providers with one more, at the end of round two; imports in the order of the alphabet. */
export function withProvider(list: string, id: string): string {
  const line = `import { ${nameOf(id)} } from './${id}/${id}.js';`;
  const lines = list.split('\n');
  const imports = lines.filter((one) => one.startsWith('import {'));
  const before = imports.find((one) => pathIn(one) > pathIn(line));
  const at = before ? lines.indexOf(before) : lines.indexOf(imports.at(-1)!) + 1;
  lines.splice(at, 0, line);
  return lines.join('\n').replace(/\n\];\n*$/, `\n  ${nameOf(id)},\n];\n`);
}

function pathIn(line: string): string {
  return /from '([^']*)'/.exec(line)?.[1] ?? '';
}
