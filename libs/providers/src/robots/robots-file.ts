import robotsParserModule from 'robots-parser';
import { agentName } from './agent-name.js';

type Robots = ReturnType<typeof robotsParserModule.default>;

/** Work of one look-up in characters compared, worst case; some 50 ms. A file that wants more is not worth it. */
const MOST_WORK = 2e7;

interface RobotsFile {
  readonly rules: Robots;
  /** Characters of patterns with wildcards, each compared against every position of a path. */
  readonly wildcardSize: number;
  readonly ruleCount: number;
}

/** The same bytes are handed in for all pages of an origin: parsed once per origin and agent. */
const parsed = new WeakMap<Buffer, Map<string, RobotsFile>>();

/** Verdict of a robots.txt on a URL of its origin, for the product token of `userAgent`. */
export function robotsAllow(body: Buffer, url: URL, userAgent: string): boolean {
  const agent = agentName(userAgent);
  const file = fileOf(body, url.origin, agent);
  const path = url.pathname.length + url.search.length;
  if ((file.wildcardSize + file.ruleCount) * path > MOST_WORK) return false;
  return file.rules.isAllowed(url.href, agent) !== false;
}

function fileOf(body: Buffer, origin: string, agent: string): RobotsFile {
  const files = parsed.get(body) ?? new Map<string, RobotsFile>();
  parsed.set(body, files);
  const key = `${origin} ${agent}`;
  const known = files.get(key);
  if (known) return known;
  const file = parseFile(body, origin, agent);
  files.set(key, file);
  return file;
}

function parseFile(body: Buffer, origin: string, agent: string): RobotsFile {
  const { text, wildcardSize, ruleCount } = ourGroups(body.toString('utf8'), agent);
  // The type declares a default export that the CommonJS module is itself.
  const robotsParser = robotsParserModule as unknown as (url: string, text: string) => Robots;
  return { rules: robotsParser(`${origin}/robots.txt`, text), wildcardSize, ruleCount };
}

interface OurGroups {
  readonly text: string;
  readonly wildcardSize: number;
  readonly ruleCount: number;
}

/**
 * The same file with every run of user-agent lines cut to what concerns us: our agent, `*`, one other. The parser
 * stores each rule for each agent of its group: without this, 500 KiB of agents and rules become 10^8 rules.
 */
function ourGroups(text: string, agent: string): OurGroups {
  const lines: string[] = [];
  let inRun = new Set<string>();
  let wildcardSize = 0;
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)) {
    const name = userAgentOf(line);
    if (name !== undefined) {
      const kept = name === agent || name === '*' ? name : 'another';
      if (!inRun.has(kept)) lines.push(`User-agent: ${kept}`);
      inRun.add(kept);
      continue;
    }
    const rule = ruleOf(line);
    if (!rule) continue;
    inRun = new Set();
    lines.push(rule);
    if (rule.includes('*')) wildcardSize += rule.length;
  }
  return { text: lines.join('\n'), wildcardSize, ruleCount: lines.length };
}

/** The agent that a line names, without its version; undefined for another line. */
export function userAgentOf(line: string): string | undefined {
  const value = valueOf(line, 'user-agent');
  return value === undefined ? undefined : agentName(value);
}

function ruleOf(line: string): string | undefined {
  for (const name of ['disallow', 'allow']) {
    const value = valueOf(line, name);
    // A run of stars matches what one star does, and costs more.
    if (value !== undefined) return `${name}: ${value.replace(/\*{2,}/g, '*')}`;
  }
  return undefined;
}

/** The value of a line `name: value`, without its comment; undefined for another line. */
export function valueOf(line: string, name: string): string | undefined {
  const colon = line.indexOf(':');
  if (colon < 0 || colon > 32 || line.slice(0, colon).trim().toLowerCase() !== name) return undefined;
  const hash = line.indexOf('#', colon);
  return line.slice(colon + 1, hash < 0 ? undefined : hash).trim();
}
