/**
 * A URL by the WHATWG standard, or undefined for what is none. In place of `URL.canParse`, whose compiled form in Node 20
 * refuses every text with letters such as ä (Latin-1 beyond ASCII) once it has been called some thousand times.
 */
export function parseUrl(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
