import type { Question } from '../provider.js';

export type Scope = 'url' | 'domain';

/** The surface is the scope: `moz.url` asks about a page, `moz.domain` about a registrable domain. */
export function scopeOf(question: Question): Scope {
  return question.surface === 'moz.domain' ? 'domain' : 'url';
}
