import { agentName } from './agent-name.js';
import { crawlDelay } from './robots-lines.js';

/** Who asks for more gets this much: an hour of patience is sixty pages of such a host. */
export const LONGEST_SPACING_MS = 60_000;

/** The same bytes are handed in for all pages of an origin: read once per agent. */
const known = new WeakMap<Buffer, Map<string, number | undefined>>();

/** Milliseconds between calls that a robots.txt asks of `userAgent`, as far as we heed it; undefined: none. */
export function crawlSpacingMs(body: Buffer, userAgent: string): number | undefined {
  const agent = agentName(userAgent);
  const spacings = known.get(body) ?? new Map<string, number | undefined>();
  known.set(body, spacings);
  if (!spacings.has(agent)) spacings.set(agent, read(body, userAgent));
  return spacings.get(agent);
}

function read(body: Buffer, userAgent: string): number | undefined {
  const seconds = crawlDelay(body.toString('utf8'), userAgent, Infinity);
  return seconds ? Math.min(LONGEST_SPACING_MS, Math.ceil(seconds * 1_000)) : undefined;
}
