import { agentName } from './agent-name.js';
import { userAgentOf, valueOf } from './robots-file.js';

const LONGEST_DELAY_S = 86_400;

/** Lines that the parser of rules leaves out: they are no part of RFC 9309, yet in common use. */
function linesOf(text: string): string[] {
  return text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
}

/** Sitemaps belong to no group; each address counts once. */
export function sitemapCount(text: string): number {
  const found = new Set<string>();
  for (const line of linesOf(text)) {
    const address = valueOf(line, 'sitemap');
    if (address) found.add(address);
  }
  return found.size;
}

/**
 * Seconds that the group for our agent asks for, else the group for all; undefined where neither does. What is more than
 * `longest` counts as no number.
 */
export function crawlDelay(text: string, userAgent: string, longest = LONGEST_DELAY_S): number | undefined {
  const agent = agentName(userAgent);
  const delays = new Map<string, number>();
  let isNamed = false;
  // Of the agents of a group those that concern us.
  let group = new Set<string>();
  let inRun = false;
  for (const line of linesOf(text)) {
    const name = userAgentOf(line);
    if (name !== undefined) {
      if (!inRun) group = new Set();
      if (name === agent || name === '*') group.add(name);
      isNamed ||= name === agent;
    } else if (group.size > 0) {
      const seconds = delayOf(line, longest);
      if (seconds !== undefined) for (const one of group) delays.set(one, delays.get(one) ?? seconds);
    }
    // Empty lines and comments do not end a run of agents.
    if (/^\s*[^#\s]/.test(line)) inRun = name !== undefined;
  }
  return delays.get(isNamed ? agent : '*');
}

function delayOf(line: string, longest: number): number | undefined {
  const value = valueOf(line, 'crawl-delay') ?? '';
  const seconds = /^\d{1,9}(\.\d{1,9})?$/.test(value) ? Number(value) : Number.NaN;
  return seconds <= longest ? seconds : undefined;
}
