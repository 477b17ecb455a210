import { mozMetrics } from '../apis/moz-metrics.js';
import { pageRankOf } from '../apis/openpagerank.js';
import { threatsOf } from '../apis/safebrowsing.js';
import { registrableDomain, classOf, type DomainClass } from '../world/domain-class.js';
import type { RecordType } from '../world/dns-record.js';
import { RDAP_SERVICES } from '../world/registries.js';
import { registrationOf } from '../world/registration.js';
import { resolve } from '../world/resolve.js';
import type { Truth, TruthValue } from './expected.js';
import { visitPage } from './visit-page.js';

export interface TruthContext {
  readonly anchor: number;
  readonly now: number;
}

const DAY = 86_400_000;
const none = (outcome: Truth['outcome'], reason: string): Truth => ({ outcome, reason, numbers: {} });

const BY_PROVIDER: Readonly<Record<string, (unit: string, surface: string, at: TruthContext) => Truth>> = {
  page: visitPage,
  dns: dnsTruth,
  rdap: (unit, _, at) => rdapTruth(unit, at),
  safebrowsing: safebrowsingTruth,
  openpagerank: pageRankTruth,
  moz: mozTruth,
};

/** Undefined: no such provider. */
export function truthOf(
  provider: string,
  surface: string,
  unit: string,
  at: TruthContext,
): Truth | undefined {
  return BY_PROVIDER[provider]?.(unit, surface, at);
}

/** The class that explains the numbers. */
export function classOfUnit(unit: string): DomainClass {
  const host = URL.canParse(unit) ? new URL(unit).hostname : unit;
  return classOf(registrableDomain(host));
}

function dnsTruth(unit: string): Truth {
  const of = (type: RecordType) => resolve(unit, type);
  const address = of('A');
  if (address.status === 'nxdomain') return none('absent', 'nxdomain');
  if (address.status === 'servfail') return none('failed', 'servfail');
  const counts = (['A', 'AAAA', 'MX', 'NS', 'TXT'] as const).map((type) => {
    const records = of(type).records.filter((record) => record.type === type);
    return {
      name: `${type.toLowerCase()}_count`,
      count: records.length,
      ttls: records.map(({ ttl }) => ttl),
    };
  });
  const ttls = counts.flatMap((one) => one.ttls);
  const numbers = Object.fromEntries(counts.map(({ name, count }) => [name, count]));
  return {
    outcome: 'ok',
    numbers: {
      ...numbers,
      dnssec: address.authenticated,
      ...(ttls.length > 0 && { min_ttl_s: Math.min(...ttls) }),
    },
  };
}

function rdapTruth(unit: string, { anchor, now }: TruthContext): Truth {
  const tld = unit.slice(unit.lastIndexOf('.') + 1);
  if (!RDAP_SERVICES.some(([tlds]) => tlds.includes(tld))) return none('skipped', 'unsupported');
  const found = registrationOf(unit, anchor);
  if (!found) return none('absent', 'not registered');
  return {
    outcome: 'ok',
    numbers: {
      age_days: Math.floor((now - found.registered) / DAY),
      days_to_expiry: Math.floor((found.expires - now) / DAY),
      days_since_change: Math.floor((now - found.changed) / DAY),
      status_count: found.statuses.length,
      nameserver_count: found.nameservers.length,
      dnssec: found.signed,
      registered_at: new Date(found.registered).toISOString(),
      expires_at: new Date(found.expires).toISOString(),
      changed_at: new Date(found.changed).toISOString(),
    },
  };
}

function safebrowsingTruth(unit: string): Truth {
  const threats = threatsOf(unit);
  const flags = ['MALWARE', 'SOCIAL_ENGINEERING', 'UNWANTED_SOFTWARE', 'POTENTIALLY_HARMFUL_APPLICATION'].map(
    (type) => [type.toLowerCase(), threats.includes(type)] as const,
  );
  return {
    outcome: 'ok',
    numbers: { threats: threats.length, match_count: threats.length, ...Object.fromEntries(flags) },
  };
}

function pageRankTruth(unit: string): Truth {
  const found = pageRankOf(registrableDomain(unit));
  return found ? { outcome: 'ok', numbers: { ...found } } : none('absent', 'not found');
}

function mozTruth(unit: string, surface: string): Truth {
  const scope = surface.endsWith('domain') ? 'domain' : 'url';
  const metrics = mozMetrics(unit, scope);
  if (metrics === undefined) return none('failed', 'not a site');
  if (metrics === null) return none('absent', 'not in the index');
  const known = Object.entries(metrics).filter(([name, value]) => !unknown(name, value) && !NAMES.has(name));
  return { outcome: 'ok', numbers: Object.fromEntries(known) as Record<string, TruthValue> };
}

/** Echoes and dates, no metrics. */
const NAMES = new Set(['page', 'subdomain', 'root_domain', 'last_crawled']);

function unknown(name: string, value: number | string | null): boolean {
  return value === null || value === '' || (name === 'spam_score' && value === -1);
}
