const LONGEST_KEPT = 1_000;
// Controls, lone surrogates, and marks that change the direction of the text around them.
const UNREADABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\p{Surrogate}]/gu;
const CREDENTIALS = /\/\/[^/\s?#]*@/g;

/**
 * A rejected line as it is kept and shown: control characters as `\u0000`, at most 1,000 characters,
 * user name and password masked.
 */
export function readableLine(text: string): string {
  const masked = text.replace(CREDENTIALS, '//[masked]@');
  const cut = masked.length > LONGEST_KEPT ? `${masked.slice(0, LONGEST_KEPT)}…` : masked;
  return cut.replace(UNREADABLE, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
