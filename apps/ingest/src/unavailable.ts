import { CommitUnknown, troubleOf } from '@assay/database';

/** Seconds after which sending again makes sense. */
export const RETRY_AFTER_S = 5;

/**
 * What to tell whoever sent something that PostgreSQL did not take: why, what became of it, what to do. Undefined
 * where it is a fault of ours. `kept`: where to look whether it was kept after all.
 */
export function unavailableWords(error: unknown, kept = 'GET /v1/submissions'): string | undefined {
  const trouble = troubleOf(error);
  if (!trouble) return undefined;
  if (error instanceof CommitUnknown)
    return `${trouble.words}: it was lost at the very end, so all of it was kept or nothing. See ${kept} before sending it again.`;
  return `${sentence(trouble.words)}; nothing was kept. Send it again in a moment.`;
}

function sentence(words: string): string {
  return words[0]!.toUpperCase() + words.slice(1);
}
