import { parseUrl } from '@assay/contracts';
import { isHtml, statusFailure, transportFailure, type Reply } from '../classify-reply.js';
import { failed, type Failed } from '../finding.js';
import {
  questionKey,
  type AskContext,
  type Finding,
  type Findings,
  type ProviderReply,
  type ProviderRequest,
  type Question,
} from '../provider.js';
import { readJson } from '../read-json.js';
import { isIpAddress, isUnderPrivateSuffix } from '../registrable-domain.js';
import { readServers, serverFor, type Servers } from './bootstrap.js';
import { parseRegistration } from './parse-registration.js';

type Steps<T> = Generator<readonly ProviderRequest[], T, readonly ProviderReply[]>;

const BOOTSTRAP = 'https://data.iana.org/rdap/dns.json';
const BOOTSTRAP_SHARED_MS = 86_400_000;
const ACCEPT = 'application/rdap+json, application/json;q=0.8';
/** Registries send on to a mirror or a registrar's server; more hops than this lead nowhere. */
const MOST_REDIRECTS = 3;
const UNSUPPORTED: Finding = { outcome: 'skipped', reason: 'unsupported' };

/** Bootstrap file, then the registry's server. */
export function* rdapSteps(questions: readonly Question[], context: AskContext): Steps<Findings> {
  const findings = new Map<string, Finding>();
  for (const question of questions) findings.set(questionKey(question), yield* ask(question.unit, context));
  return findings;
}

/** No registry knows addresses, names of one label, and names under a private suffix: its 404 would be no "absent". */
function* ask(domain: string, context: AskContext): Steps<Finding> {
  if (isIpAddress(domain) || !domain.includes('.') || isUnderPrivateSuffix(domain)) return UNSUPPORTED;
  const [file] = yield [bootstrapRequest(context)];
  const servers = bootstrapServers(file, context.now);
  if ('outcome' in servers) return servers;
  const base = serverFor(domain, servers);
  return base === undefined ? UNSUPPORTED : yield* askServer(`${base}domain/${domain}`, domain, context);
}

function* askServer(address: string, domain: string, context: AskContext): Steps<Finding> {
  let url = address;
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    const [reply] = yield [serverRequest(url, hop > 0, context)];
    if (!reply) return failed('malformed', 'no reply');
    if (reply.kind === 'error') return transportFailure(reply);
    const next = redirectTarget(reply, url);
    if (next === undefined) return readServerReply(reply, domain, context.now);
    url = next;
  }
  return failed('server', 'too many redirects');
}

function bootstrapRequest({ userAgent }: AskContext): ProviderRequest {
  const headers = { accept: 'application/json', 'user-agent': userAgent };
  const limitKey = new URL(BOOTSTRAP).host;
  return { method: 'GET', url: BOOTSTRAP, headers, sharedForMs: BOOTSTRAP_SHARED_MS, limitKey };
}

/** A redirect leads where we did not choose to go. */
function serverRequest(url: string, foreign: boolean, { userAgent }: AskContext): ProviderRequest {
  const headers = { accept: ACCEPT, 'user-agent': userAgent };
  return { method: 'GET', url, headers, limitKey: new URL(url).host, ...(foreign ? { foreign } : {}) };
}

function redirectTarget(reply: Reply, url: string): string | undefined {
  if (reply.status < 301 || reply.status > 308) return undefined;
  const location = reply.headers['location'];
  const target = location ? parseUrl(location, url) : undefined;
  return target && /^https?:$/.test(target.protocol) ? target.href : undefined;
}

/** 404 with HTML is a wrong address or a front page, not a registry that knows no such domain. */
function readServerReply(reply: Reply, domain: string, now: number): Finding {
  if (reply.status === 404 && !isHtml(reply)) return { outcome: 'absent', reason: 'not registered' };
  const failure = statusFailure(reply, now, false);
  if (failure) return failure;
  const read = readJson(reply);
  return 'failure' in read ? read.failure : parseRegistration(read.value, domain, now);
}

/** One file serves all questions of a day: it is parsed once for as long as the same bytes are handed in. */
const parsed = new WeakMap<Buffer, Servers>();

function bootstrapServers(reply: ProviderReply | undefined, now: number): Servers | Failed {
  if (!reply) return failed('malformed', 'no bootstrap file');
  if (reply.kind === 'error') return transportFailure(reply);
  const known = parsed.get(reply.body);
  if (known) return known;
  const failure = statusFailure(reply, now, false);
  if (failure) return failed('server', `bootstrap file: ${failure.message}`, failure.retryAfterMs);
  const read = readJson(reply);
  if ('failure' in read) return read.failure;
  const servers = readServers(read.value);
  if (!servers) return failed('malformed', 'bootstrap file has no services');
  parsed.set(reply.body, servers);
  return servers;
}
