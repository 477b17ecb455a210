import { MissingPartError } from '@assay/embedded';
import { open } from 'node:fs/promises';

/** @throws MissingPartError unless the file can be read and holds something */
export async function checkList(file: string): Promise<void> {
  const code = await whyUnreadable(file);
  if (code === undefined) return;
  const why = REASONS[code] ?? `cannot be read (${code})`;
  throw new MissingPartError(
    `${file} ${why}: name a text file with one URL a line, or - for standard input.`,
  );
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read by you',
  EISDIR: 'is a folder',
  EMPTY: 'is empty',
};

async function whyUnreadable(path: string): Promise<string | undefined> {
  try {
    const file = await open(path, 'r');
    const { size } = await file.stat();
    const { bytesRead } = await file.read(Buffer.alloc(1), 0, 1, null).finally(() => file.close());
    return bytesRead === 0 && size === 0 ? 'EMPTY' : undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
}
