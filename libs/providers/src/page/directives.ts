export interface Directives {
  readonly noindex: boolean;
  readonly nofollow: boolean;
}

/** Directives with a value of their own: what stands before their colon is no agent. */
const WITH_VALUE = new Set(['max-snippet', 'max-image-preview', 'max-video-preview', 'unavailable_after']);

/** Tokens of a robots meta element, or of X-Robots-Tag for everybody. */
export function readDirectives(values: readonly string[]): Directives {
  const tokens = new Set(
    values.flatMap((value) => value.toLowerCase().split(',')).map((token) => token.trim()),
  );
  const none = tokens.has('none');
  return { noindex: none || tokens.has('noindex'), nofollow: none || tokens.has('nofollow') };
}

/**
 * What X-Robots-Tag says to everybody or to `agent`. A name and a colon in front address one agent, up to the next
 * name; where the header stood several times the lines arrive joined and a later general one may be missed.
 */
export function headerDirectives(header: string, agent: string): string[] {
  const ours: string[] = [];
  let addressed = true;
  for (const token of header.toLowerCase().split(',')) {
    const colon = token.indexOf(':');
    const name = colon < 0 ? '' : token.slice(0, colon).trim();
    const named = name !== '' && !WITH_VALUE.has(name);
    if (named) addressed = name === agent || name === '*';
    if (addressed) ours.push(named ? token.slice(colon + 1) : token);
  }
  return ours;
}
