import { hash32 } from '../world/hash.js';
import type { Site } from './site.js';

export interface RobotsRule {
  readonly allow: boolean;
  /** Path prefix; `*` any run of characters, `$` the end. */
  readonly pattern: string;
}

const SETS: readonly (readonly RobotsRule[])[] = [
  [
    { allow: false, pattern: '/private/' },
    { allow: false, pattern: '/cgi-bin/' },
  ],
  [
    { allow: false, pattern: '/search' },
    { allow: true, pattern: '/search/about' },
    { allow: false, pattern: '/*?session=' },
  ],
  [
    { allow: false, pattern: '/admin' },
    { allow: false, pattern: '/tmp/' },
    { allow: false, pattern: '/*.pdf$' },
  ],
];

/** Rules for everybody (`*`) on this site. */
export function rulesOf(site: Site): readonly RobotsRule[] {
  if (site.robots === 'all') return [{ allow: false, pattern: '/' }];
  if (site.robots !== 'some') return [];
  return SETS[hash32(`robots|${site.domain}`) % SETS.length] as readonly RobotsRule[];
}

/** The file's text; only for sites that have one. */
export function robotsText(site: Site): string {
  const rules = rulesOf(site).map(({ allow, pattern }) => `${allow ? 'Allow' : 'Disallow'}: ${pattern}`);
  const seconds = crawlDelayOf(site);
  const delay = seconds === undefined ? [] : [`Crawl-delay: ${seconds}`];
  return [
    '# Simulated',
    'User-agent: BadBot',
    'Disallow: /',
    '',
    'User-agent: *',
    ...(rules.length > 0 ? rules : ['Disallow:']),
    ...delay,
    '',
    `Sitemap: https://${site.domain}/sitemap.xml`,
    '',
  ].join('\n');
}

/** Seconds between calls that the file asks of everybody. */
export function crawlDelayOf(site: Site): number | undefined {
  return hash32(`delay|${site.domain}`) % 20 === 0 ? 2 : undefined;
}

/** May a page with this path and query be fetched? The longest rule that matches decides. */
export function robotsAllow(site: Site, path: string): boolean {
  if (site.robots === 'broken') return false;
  let best: RobotsRule | undefined;
  for (const rule of rulesOf(site)) {
    if (!matches(rule.pattern, path)) continue;
    if (rule.pattern.length > (best?.pattern.length ?? -1)) best = rule;
  }
  return best?.allow ?? true;
}

function matches(pattern: string, path: string): boolean {
  const escaped = pattern.replace(/[.+?^{}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '.*');
  return new RegExp(`^${escaped}`).test(path);
}
