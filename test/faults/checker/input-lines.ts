export interface InputLine {
  /** Position in the file from 1, blank lines counted. */
  readonly seq: number;
  readonly text: string;
}

/** The lines of a list as it was handed in, a URL a line; blank ones are none. */
export function inputLines(list: string): InputLine[] {
  return list
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map((text, i) => ({ seq: i + 1, text: text.trim() }))
    .filter(({ text }) => text !== '');
}

/** The normal form by the URL standard, without a fragment; undefined for what is no http or https URL. */
export function normalForm(text: string): string | undefined {
  if (!/^https?:\/\//i.test(text)) return undefined;
  const url = parsed(text);
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) return undefined;
  url.hash = '';
  // An empty fragment leaves its mark behind.
  return url.href.replace(/#$/, '');
}

/** A URL about which there can be no two opinions: refusing it would lose it. */
export function isPlainUrl(text: string): boolean {
  const url = /^[\x21-\x7e]{1,8000}$/.test(text) ? normalForm(text) : undefined;
  return url !== undefined && /^([a-z0-9-]{1,63}\.){1,8}[a-z0-9-]{1,63}$/.test(new URL(url).hostname);
}

function parsed(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
