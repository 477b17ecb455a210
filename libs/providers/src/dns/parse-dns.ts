import {
  questionKey,
  type AskContext,
  type Finding,
  type Findings,
  type MetricValue,
  type ProviderReply,
  type Question,
} from '../provider.js';
import { isIpAddress } from '../registrable-domain.js';
import { readLookup, type Lookup } from './read-lookup.js';
import { RECORD_TYPES } from './record-types.js';

const SHORTEST_TTL_MS = 300_000;
const LONGEST_TTL_MS = 86_400_000;
/** For a host without any record and without a word from its zone. */
const TTL_WITHOUT_RECORDS_MS = 3_600_000;

type Records = Extract<Lookup, { kind: 'records' }>;

/** Five replies per host, in the order of RECORD_TYPES; an address took none. */
export function parseDns(
  replies: readonly ProviderReply[],
  questions: readonly Question[],
  context: AskContext,
): Findings {
  const findings = new Map<string, Finding>();
  let next = 0;
  for (const question of questions) {
    if (isIpAddress(question.unit)) {
      findings.set(questionKey(question), { outcome: 'skipped', reason: 'unsupported' });
      continue;
    }
    const first = next;
    next += RECORD_TYPES.length;
    const lookups = RECORD_TYPES.map((type, at) =>
      readLookup(replies[first + at], question.unit, type, context.now),
    );
    findings.set(questionKey(question), hostFinding(lookups));
  }
  return findings;
}

/**
 * All five must be usable: an answer that lacks a look-up would stand for a day with a hole in it. A name
 * that has records of one type exists; a server that denies it for another type has said nothing about that type.
 */
function hostFinding(lookups: readonly Lookup[]): Finding {
  const broken = lookups.find((lookup) => lookup.kind === 'unusable');
  if (broken) return broken.failure;
  const denied = lookups.find((lookup) => lookup.kind === 'no_name');
  const exists = lookups.some((lookup) => lookup.kind === 'records' && lookup.count > 0);
  if (denied && !exists)
    return { outcome: 'absent', reason: 'no such name', ttlMs: ttlOf(denied.negativeTtls) };
  return measured(lookups);
}

function measured(lookups: readonly Lookup[]): Finding {
  const numbers: Record<string, MetricValue> = {};
  RECORD_TYPES.forEach(({ metric }, at) => {
    const lookup = lookups[at];
    if (lookup?.kind === 'records') numbers[metric] = lookup.count;
  });
  const records = lookups.filter((lookup): lookup is Records => lookup.kind === 'records');
  const ttls = records.flatMap(({ ttls: own }) => own);
  if (ttls.length > 0) numbers['min_ttl_s'] = Math.min(...ttls);
  const address = lookups[0];
  if (address?.kind === 'records') numbers['dnssec'] = address.secure;
  return {
    outcome: 'ok',
    numbers,
    ttlMs: ttlOf(ttls.length > 0 ? ttls : records.flatMap((r) => r.negativeTtls)),
  };
}

function ttlOf(seconds: readonly number[]): number {
  if (seconds.length === 0) return TTL_WITHOUT_RECORDS_MS;
  return Math.min(Math.max(Math.min(...seconds) * 1000, SHORTEST_TTL_MS), LONGEST_TTL_MS);
}
