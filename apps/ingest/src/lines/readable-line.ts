const LONGEST_KEPT = 1_000;
// Controls, lone surrogates, and marks that change the direction of the text around them.
const UNREADABLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\p{Surrogate}]/gu;
const CREDENTIALS = /\/\/[^/\s?#]*@/g;
const SCHEME = /^\s*(?:[a-z][a-z0-9+.-]*:\/+|https?:)/i;

/**
 * A rejected line as it is kept and shown: control characters as `\u0000`, at most 1,000 characters,
 * user name and password masked.
 */
export function readableLine(text: string): string {
  const masked = withoutPassword(text).replace(CREDENTIALS, '//[masked]@');
  const cut = masked.length > LONGEST_KEPT ? `${masked.slice(0, LONGEST_KEPT)}…` : masked;
  return cut.replace(UNREADABLE, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * Whatever stands before the last @ and holds a colon may be a name and a password, even where the line is no URL by any
 * standard: a blank or a slash in a password makes it none.
 */
function withoutPassword(text: string): string {
  const scheme = SCHEME.exec(text)?.[0] ?? '';
  const at = text.lastIndexOf('@');
  const before = text.slice(scheme.length, Math.max(at, scheme.length));
  return before.includes(':') ? `${scheme}[masked]${text.slice(at)}` : text;
}
