// Before the integration and end-to-end tiers: what is fetched and prepared once for all of them, so
// that files which start at the same time do not each do it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export default async function prepare() {
  const build = join(import.meta.dirname, '..', 'libs', 'embedded', 'dist', 'index.js');
  if (!existsSync(build)) throw new Error('The code is not built: run npm run build first.');
  const { cacheFolder, prepareKafka, preparePostgres } = await import(build);
  const cache = cacheFolder(process.env);
  await Promise.all([prepareKafka(cache, process.env), preparePostgres(cache)]);
}
