import { statusFailure, transportFailure } from '../classify-reply.js';
import { failed, type Failed } from '../finding.js';
import type { ProviderReply } from '../provider.js';
import { isObject, readJson, type JsonObject } from '../read-json.js';
import type { RecordType } from './record-types.js';

const NOERROR = 0;
const NXDOMAIN = 3;
/** RFC 2181: a TTL is an unsigned number below 2^31. */
const LONGEST_TTL_S = 2_147_483_647;

/** What one look-up said. `ttls` in seconds: of the asked records, or where there are none of the zone. */
export type Lookup =
  | {
      readonly kind: 'records';
      readonly count: number;
      readonly ttls: readonly number[];
      readonly secure: boolean;
      readonly negativeTtls: readonly number[];
    }
  | { readonly kind: 'no_name'; readonly negativeTtls: readonly number[] }
  | { readonly kind: 'unusable'; readonly failure: Failed };

/** Reads the reply to the look-up of `type` for `host`. */
export function readLookup(
  reply: ProviderReply | undefined,
  host: string,
  type: RecordType,
  now: number,
): Lookup {
  if (!reply) return malformed('a look-up is missing');
  if (reply.kind === 'error') return unusable(transportFailure(reply));
  const failure = statusFailure(reply, now, false);
  if (failure) return unusable(failure);
  const read = readJson(reply);
  if ('failure' in read) return unusable(read.failure);
  const fault = echoFault(read.value, host, type);
  return fault ? malformed(fault) : readAnswer(read.value, type);
}

function readAnswer(body: JsonObject, type: RecordType): Lookup {
  const status = body['Status'];
  if (!Number.isSafeInteger(status)) return malformed('Status is not an integer');
  const negativeTtls = zoneTtls(body['Authority']);
  if (status === NXDOMAIN) return { kind: 'no_name', negativeTtls };
  if (status !== NOERROR) return unusable(failed('server', `DNS status ${String(status)}`));
  if (body['TC'] === true) return malformed('the answer is cut');
  if (typeof body['AD'] !== 'boolean') return malformed('AD is not a boolean');
  const ttls = recordTtls(body['Answer'], type);
  if (!ttls) return malformed('Answer is not a list of records');
  return { kind: 'records', count: ttls.length, ttls, secure: body['AD'], negativeTtls };
}

/** The resolver repeats the question: an answer to another one is not ours. */
function echoFault(body: JsonObject, host: string, type: RecordType): string | undefined {
  const asked: unknown = Array.isArray(body['Question']) ? body['Question'][0] : undefined;
  if (!isObject(asked) || typeof asked['name'] !== 'string') return 'the question is not repeated';
  const same = trimDot(asked['name']).toLowerCase() === trimDot(host).toLowerCase();
  return same && asked['type'] === type.number ? undefined : 'answers another question';
}

function trimDot(name: string): string {
  return name.endsWith('.') ? name.slice(0, -1) : name;
}

/** TTLs of the records of the asked type; CNAMEs on the way are passed over. undefined for a wrong shape. */
function recordTtls(answer: unknown, type: RecordType): number[] | undefined {
  if (answer === undefined) return [];
  if (!Array.isArray(answer)) return undefined;
  const ttls: number[] = [];
  for (const record of answer as unknown[]) {
    if (!isObject(record) || !isRecordType(record['type'])) return undefined;
    if (record['type'] !== type.number || isNullMx(record['data'], type)) continue;
    if (!isTtl(record['TTL'])) return undefined;
    ttls.push(record['TTL']);
  }
  return ttls;
}

/** 16 bits on the wire. */
function isRecordType(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < 65_536;
}

/** RFC 7505: `0 .` says that the host takes no mail. */
function isNullMx(data: unknown, type: RecordType): boolean {
  return type.name === 'MX' && typeof data === 'string' && data.trim() === '0 .';
}

function zoneTtls(authority: unknown): number[] {
  if (!Array.isArray(authority)) return [];
  return (authority as unknown[]).flatMap((record) =>
    isObject(record) && isTtl(record['TTL']) ? [record['TTL']] : [],
  );
}

function isTtl(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= LONGEST_TTL_S;
}

function unusable(failure: Failed): Lookup {
  return { kind: 'unusable', failure };
}

function malformed(message: string): Lookup {
  return unusable(failed('malformed', message));
}
