import type { Question } from '../provider.js';

export type Scope = 'url' | 'subdomain' | 'domain';

const SCOPES: Readonly<Record<string, Scope>> = {
  'moz.host': 'subdomain',
  'moz.domain': 'domain',
};

/** The surface is the scope: `moz.url` asks about a page, `moz.host` about a host, `moz.domain` about a registrable domain. */
export function scopeOf(question: Question): Scope {
  return SCOPES[question.surface] ?? 'url';
}
