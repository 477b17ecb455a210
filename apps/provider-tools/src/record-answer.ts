import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Finding, Provider, ProviderReply } from '@assay/providers';
import { recordedUrl } from '@assay/providers/examples';
import { askOnce, type Asked, type AskingParts } from './ask-once.js';
import { withoutSecrets } from './without-secrets.js';

export interface Recording {
  /** Files that were written, in the order of the replies. */
  readonly files: readonly string[];
  readonly finding: Finding;
}

/** Asks once and keeps each reply's body, without secrets, in the provider's folder `recorded`. */
export async function recordAnswer(
  provider: Provider,
  surface: string,
  unit: string,
  key: string,
  parts: AskingParts & { readonly name: string },
): Promise<Recording> {
  const asked = await askOnce(provider, { surface, unit }, key, parts);
  const files = asked.exchanges.map((_, at) => fileName(asked, at, parts.name));
  for (const [at, { reply }] of asked.exchanges.entries()) {
    if (reply.kind === 'error') continue;
    const path = fileURLToPath(recordedUrl(provider.id, files[at]!));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, withoutSecrets(reply.body.toString('utf8'), key));
  }
  return {
    files: files.filter((_, at) => asked.exchanges[at]?.reply.kind === 'reply'),
    finding: asked.finding,
  };
}

function fileName({ exchanges }: Asked, at: number, name: string): string {
  const suffix = exchanges.length > 1 ? `-${at + 1}` : '';
  return `${name}${suffix}.${extensionOf(exchanges[at]!.reply)}`;
}

function extensionOf(reply: ProviderReply): string {
  const type = reply.kind === 'reply' ? (reply.headers['content-type'] ?? '') : '';
  if (/json/.test(type)) return 'json';
  return /html/.test(type) ? 'html' : 'txt';
}
