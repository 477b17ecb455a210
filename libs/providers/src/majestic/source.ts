import type { Question } from '../provider.js';
import { isIpAddress } from '../registrable-domain.js';

export type Source = 'fresh' | 'historic';

/** Addresses have links of their own only as the host of a page. */
export function isSupported({ surface, unit }: Question): boolean {
  return surface === 'majestic.url' || !isIpAddress(unit);
}

/** Supported questions by the index that they are put to, in the order of the calls that are made for them. */
export function bySource(questions: readonly Question[]): [Source, Question[]][] {
  const sources: Record<Source, Question[]> = { fresh: [], historic: [] };
  for (const question of questions.filter(isSupported))
    sources[question.surface.endsWith('.historic') ? 'historic' : 'fresh'].push(question);
  return (['fresh', 'historic'] as const).flatMap((source) =>
    sources[source].length > 0 ? [[source, sources[source]] as [Source, Question[]]] : [],
  );
}
