import { none, type Truth } from '../truth/expected.js';
import type { Api, TruthContext } from './api.js';
import { share } from '../world/hash.js';
import { RDAP_HOSTS, RDAP_SERVICES, REDIRECTED_TO, REDIRECTING_HOST } from '../world/registries.js';
import { registrationOf, type Registration } from '../world/registration.js';
import {
  json,
  page,
  type Exchange,
  type ProviderWords,
  type WireAnswer,
  type WireRequest,
} from '../wire/exchange.js';

const BOOTSTRAP_HOST = 'data.iana.org';
const RDAP_TYPE = 'application/rdap+json';
/** This registry turns away clients that do not say who they are. */
const WANTS_A_NAME = 'rdap.nic.fr';
const LIBRARY_AGENTS = /^(axios|undici|node|node-fetch|got|curl|python-requests|go-http-client|java)\b/i;

function problem(errorCode: number, title: string): WireAnswer {
  return json(
    errorCode,
    { rdapConformance: ['rdap_level_0'], errorCode, title, description: [title] },
    RDAP_TYPE,
  );
}

const WORDS: ProviderWords = {
  tooMany: () => problem(429, 'Rate limit exceeded'),
  broken: (status) => page(status, 'Internal Server Error'),
  unauthorised: () => problem(403, 'Forbidden'),
};

export const rdap: Api = {
  id: 'rdap',
  hosts: [BOOTSTRAP_HOST, ...RDAP_HOSTS.keys()],
  exchange: (request, { anchor }) =>
    request.host === BOOTSTRAP_HOST ? bootstrap(request) : atRegistry(request, anchor),
  truth: (unit, _surface, at) => rdapTruth(unit, at),
};

/** The list of registries. Counted apart from `rdap`: it is the same for all who ask. */
function bootstrap(request: WireRequest): Exchange {
  const found = request.path === '/rdap/dns.json';
  const list = { version: '1.0', publication: '2026-01-01T00:00:00Z', services: RDAP_SERVICES };
  return {
    provider: 'rdap-bootstrap',
    asked: [{ surface: 'rdap-bootstrap', unit: request.path }],
    unit: BOOTSTRAP_HOST,
    answer: () => (found ? json(200, list, 'application/json') : page(404, 'Not Found')),
    words: WORDS,
  };
}

/** One registry server; each allows one call a second. */
function atRegistry(request: WireRequest, anchor: number): Exchange {
  const domain = /\/domain\/([a-z0-9._-]+)$/i.exec(request.path)?.[1]?.toLowerCase() ?? '';
  const refused = refusal(request, domain);
  return {
    provider: 'rdap',
    asked: [{ surface: 'rdap', unit: domain }],
    unit: domain,
    limit: { key: `rdap|${request.host}`, windows: [{ permits: 1, perMs: 1_000, of: 'calls' }] },
    ...(refused && { refused }),
    answer: () => answerOf(request, domain, anchor),
    words: WORDS,
  };
}

function refusal(request: WireRequest, domain: string): WireAnswer | undefined {
  if (domain === '') return problem(400, 'Bad Request');
  const agent = String(request.headers['user-agent'] ?? '');
  if (request.host === WANTS_A_NAME && (agent === '' || LIBRARY_AGENTS.test(agent)))
    return problem(403, 'Forbidden');
  const tld = domain.slice(domain.lastIndexOf('.') + 1);
  return RDAP_HOSTS.get(request.host)?.has(tld) ? undefined : problem(404, 'Not Found');
}

function answerOf(request: WireRequest, domain: string, anchor: number): WireAnswer {
  if (request.host === REDIRECTING_HOST) {
    return { status: 302, headers: { location: `https://${REDIRECTED_TO}/domain/${domain}` }, body: '' };
  }
  const registration = registrationOf(domain, anchor);
  return registration ? json(200, body(domain, registration), RDAP_TYPE) : problem(404, 'Not Found');
}

function body(domain: string, registration: Registration): Record<string, unknown> {
  const date = dateForm(domain);
  return {
    rdapConformance: ['rdap_level_0', 'icann_rdap_response_profile_0'],
    objectClassName: 'domain',
    ldhName: share(domain, 'case') < 0.3 ? domain.toUpperCase() : domain,
    status: registration.statuses,
    events: [
      { eventAction: 'registration', eventDate: date(registration.registered) },
      { eventAction: 'expiration', eventDate: date(registration.expires) },
      { eventAction: 'last changed', eventDate: date(registration.changed) },
    ],
    nameservers: registration.nameservers.map((ldhName) => ({ objectClassName: 'nameserver', ldhName })),
    secureDNS: { delegationSigned: registration.signed },
  };
}

/** Registries write dates in three ways: with Z, with fractions, and (a few) without a zone, meaning UTC. */
function dateForm(domain: string): (time: number) => string {
  const at = share(domain, 'date');
  if (at < 0.7) return (time) => new Date(time).toISOString().replace('.000Z', 'Z');
  if (at < 0.9) return (time) => new Date(time).toISOString();
  return (time) => new Date(time).toISOString().replace('.000Z', '');
}

const DAY = 86_400_000;

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
