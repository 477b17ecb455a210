import type { Question } from '../provider.js';

export type Source = 'fresh' | 'historic';

/** Questions by the index that they are put to, in the order of the calls that are made for them. */
export function bySource(questions: readonly Question[]): [Source, Question[]][] {
  const sources: Record<Source, Question[]> = { fresh: [], historic: [] };
  for (const question of questions)
    sources[question.surface.endsWith('.historic') ? 'historic' : 'fresh'].push(question);
  return (['fresh', 'historic'] as const).flatMap((source) =>
    sources[source].length > 0 ? [[source, sources[source]] as [Source, Question[]]] : [],
  );
}
