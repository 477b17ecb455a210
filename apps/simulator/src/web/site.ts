import { classOf, registrableDomain, type DomainClass } from '../world/domain-class.js';
import { draws, type Draws } from '../world/hash.js';
import { remember } from '../world/remember.js';

export const CHARSETS = ['utf-8', 'utf-8-meta', 'iso-8859-1', 'windows-1252-meta'] as const;
/** Where a page says how it is encoded: in the header, or (`-meta`) in the markup alone. */
export type Charset = (typeof CHARSETS)[number];

export const ROBOTS_FILES = ['missing', 'allow', 'some', 'all', 'broken'] as const;
/** missing: 404; some: a few paths disallowed; all: every path; broken: 503. */
export type RobotsFile = (typeof ROBOTS_FILES)[number];

/** How all pages of a registrable domain behave. */
export interface Site {
  readonly domain: string;
  readonly class: DomainClass;
  /** Plain http is sent on to https. */
  readonly toHttps: boolean;
  /** The bare domain is sent on to www, or www to the bare domain. */
  readonly www: 'to-www' | 'to-bare' | 'both';
  /** The whole site has gone to this domain. */
  readonly movedTo?: string;
  readonly robots: RobotsFile;
  readonly charset: Charset;
  readonly language: string;
  readonly hsts: boolean;
  /** Added to every answer of a slow site. */
  readonly slowMs: number;
}

/** Odds per class: moved away, disallows robots altogether, broken robots file, sends http to https, slow. */
const ODDS: Record<
  DomainClass,
  { moved: number; noRobots: number; broken: number; https: number; slow: number }
> = {
  popular: { moved: 0, noRobots: 0, broken: 0, https: 0.97, slow: 0.01 },
  ordinary: { moved: 0.02, noRobots: 0.02, broken: 0.01, https: 0.75, slow: 0.03 },
  young: { moved: 0.04, noRobots: 0.02, broken: 0.02, https: 0.6, slow: 0.03 },
  spam: { moved: 0.12, noRobots: 0.01, broken: 0.01, https: 0.3, slow: 0.03 },
  dead: { moved: 0, noRobots: 0, broken: 0, https: 0, slow: 0 },
};

export const siteOf: (domain: string) => Site = remember(20_000, makeSite);

/** The site that serves a host. */
export function siteOfHost(host: string): Site {
  if (/\.(page|ssrf)\.test$/.test(host)) return testSite(host);
  return siteOf(registrableDomain(host));
}

/** Test hosts do only what their name says. */
function testSite(host: string): Site {
  const robots: Record<string, RobotsFile> = { 'robots-all': 'all', 'robots-broken': 'broken' };
  return {
    domain: registrableDomain(host),
    class: 'ordinary',
    toHttps: false,
    www: 'both',
    robots: robots[host.slice(0, host.indexOf('.'))] ?? 'missing',
    charset: 'utf-8',
    language: 'en',
    hsts: false,
    slowMs: 0,
  };
}

function makeSite(domain: string): Site {
  const draw = draws(`site|${domain}`);
  const is = classOf(domain);
  const odds = ODDS[is];
  const moved = draw.chance(odds.moved) && !NEW_HOME.test(domain);
  const site: Site = {
    domain,
    class: is,
    toHttps: draw.chance(odds.https),
    www: draw.pick(['to-www', 'to-www', 'to-bare', 'both', 'both'] as const),
    robots: robotsFile(draw, odds),
    charset: draw.pick(['utf-8', 'utf-8', 'utf-8', 'utf-8', 'utf-8-meta', 'iso-8859-1', 'windows-1252-meta']),
    language: draw.pick(['en', 'en', 'en', 'de', 'fr', 'es', 'nl', 'pl']),
    hsts: draw.chance(is === 'popular' ? 0.8 : 0.3),
    slowMs: draw.chance(odds.slow) ? draw.int(800, 2_500) : 0,
  };
  return moved ? { ...site, movedTo: newHome(domain) } : site;
}

function robotsFile(draw: Draws, odds: { noRobots: number; broken: number }): RobotsFile {
  const at = draw.next();
  if (at < odds.noRobots) return 'all';
  if (at < odds.noRobots + odds.broken) return 'broken';
  return draw.pick(['missing', 'allow', 'some', 'some'] as const);
}

/** Names of new homes. They never move again, so that nobody is sent round in a circle. */
const NEW_HOME = /^ordinary-(north|river|stone|light|harbour)-\d+\.com$/;

function newHome(domain: string): string {
  const draw = draws(`moved|${domain}`);
  return `ordinary-${draw.pick(['north', 'river', 'stone', 'light', 'harbour'])}-${draw.int(10, 999)}.com`;
}
