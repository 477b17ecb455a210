import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { decode, encode, type Answer, type DecodedPacket, type Packet, type Question } from 'dns-packet';
import type { DnsAnswer, DnsRecord, RecordType } from '../world/dns-record.js';
import { resolve } from '../world/resolve.js';
import type { Counts } from './counts.js';
import type { Faults } from './faults.js';

/** Response flags: recursion available, and the code in the last four bits. */
const RECURSION_AVAILABLE = 1 << 7;
const RCODE = { noerror: 0, servfail: 2, nxdomain: 3 } as const;
const SLOW_MS = 3_000;

export interface DnsServer {
  readonly port: number;
  close(): Promise<void>;
}

/** A resolver on UDP that knows every name. Counted, and made to fail, as provider `resolver`. */
export async function openDnsServer(
  port: number,
  counts: Counts,
  faults: Faults,
  now: () => number,
): Promise<DnsServer> {
  const socket = createSocket('udp4');
  const queries = new Map<string, number>();
  socket.on('message', (bytes, from) => {
    const question = read(bytes);
    if (question)
      answer(socket, question, from, {
        counts,
        faults,
        now: now(),
        nth: nextOf(queries, question.questions?.[0]),
      });
  });
  await new Promise<void>((ready, fail) => {
    socket.once('error', fail);
    socket.bind({ port, address: '127.0.0.1' }, ready);
  });
  socket.removeAllListeners('error').on('error', () => undefined);
  return { port: socket.address().port, close: () => new Promise((done) => socket.close(() => done())) };
}

interface AnswerParts {
  readonly counts: Counts;
  readonly faults: Faults;
  readonly now: number;
  /** Queries for this name and type before this one. */
  readonly nth: number;
}

function answer(socket: Socket, packet: DecodedPacket, from: RemoteInfo, parts: AnswerParts): void {
  const [question] = packet.questions ?? [];
  if (!question) return;
  const name = question.name.toLowerCase();
  parts.counts.received({ provider: 'resolver', asked: [{ surface: 'resolver', unit: name }] });
  const hit = parts.faults.hit('resolver', name, parts.now);
  const failure = hit?.fault.fault;
  if (failure === 'hang') return;
  const broken = failure !== undefined && failure !== 'slow';
  const found: DnsAnswer = broken
    ? { status: 'servfail', authenticated: false, records: [] }
    : resolve(name, question.type as RecordType, parts.nth);
  parts.counts.answered('resolver', found.status);
  const bytes = failure === 'garbage' ? Buffer.from('garbage') : encode(replyTo(packet, found));
  const reply = () => socket.send(bytes, from.port, from.address, () => undefined);
  if (failure === 'slow') setTimeout(reply, hit?.fault.ms ?? SLOW_MS).unref();
  else reply();
}

function read(bytes: Buffer): DecodedPacket | undefined {
  try {
    return decode(bytes);
  } catch {
    return undefined;
  }
}

/** Only the rebinding names depend on it; others are not remembered. */
function nextOf(queries: Map<string, number>, question: Question | undefined): number {
  if (!question?.name.toLowerCase().endsWith('.ssrf.test')) return 0;
  const key = `${question.type} ${question.name.toLowerCase()}`;
  const nth = queries.get(key) ?? 0;
  queries.set(key, nth + 1);
  return nth;
}

function replyTo(packet: DecodedPacket, found: DnsAnswer): Packet {
  return {
    type: 'response',
    id: packet.id ?? 0,
    flags: (packet.flags ?? 0) | RECURSION_AVAILABLE | RCODE[found.status],
    questions: packet.questions ?? [],
    answers: found.records.map(wireRecord),
  };
}

function wireRecord({ name, type, ttl, data }: DnsRecord): Answer {
  if (type === 'MX') {
    const [preference, exchange] = data.split(' ');
    return { name, type, ttl, data: { preference: Number(preference), exchange: exchange ?? '' } };
  }
  return { name, type: type as 'A', ttl, data };
}
