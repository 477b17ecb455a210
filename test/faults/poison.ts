import { LANES, MESSAGES, topicOf, type Lane, type MessageName } from '@assay/contracts';
import type { KeptMessage } from '../harness/topics.js';

/** Who reads what, with the six providers of the harness. */
export const READERS: Readonly<Record<MessageName, readonly string[]>> = {
  'url.submitted': ['joiner', 'store', 'fetcher.page', 'fetcher.dns', 'fetcher.rdap', 'fetcher.safebrowsing'],
  'metric.round1': ['joiner'],
  'round2.requested': ['fetcher.rdap', 'fetcher.safebrowsing', 'fetcher.openpagerank', 'fetcher.moz'],
  'metric.round2': ['joiner'],
  'row.joined': ['store'],
};

export interface Poison {
  readonly kind: string;
  readonly message: MessageName;
  readonly lane: Lane;
  /** Under which each of `groups` buries it. */
  readonly code: string;
  readonly groups: readonly string[];
  readonly record: KeptMessage;
}

const NOBODYS = '01900000-0000-7000-8000-00000000dead';
const HOUR_MS = 3_600_000;
const MORE_THAN_ANY_BYTES = 300 * 1024;

/** Every kind of poison for every topic of both lanes, each with the header `poison`. */
export function poisonForAll(partitions: number): Poison[] {
  let next = 0;
  return MESSAGES.flatMap((message) =>
    LANES.flatMap((lane) =>
      kindsFor(message).map(({ kind, code, value, asks, groups = READERS[message] }) => {
        const headers = { poison: kind, ...(asks && { asks }) };
        const place = { topic: topicOf(message, lane), partition: next++ % partitions, key: null };
        return {
          kind,
          message,
          lane,
          code,
          groups,
          record: { ...place, value: Buffer.from(value), headers },
        };
      }),
    ),
  );
}

interface Kind {
  readonly kind: string;
  readonly code: string;
  readonly value: string;
  readonly asks?: string;
  readonly groups?: readonly string[];
}

function kindsFor(message: MessageName): Kind[] {
  return [
    { kind: 'broken', code: 'not_json', value: '{"v":1,"plan":{"submission":"0190' },
    { kind: 'foreign version', code: 'contract', value: JSON.stringify({ v: 99, rows: 'other' }) },
    {
      kind: 'large',
      code: 'too_large',
      value: JSON.stringify({ v: 1, more: 'x'.repeat(MORE_THAN_ANY_BYTES) }),
    },
    ...OWN_KINDS[message],
  ];
}

const plan = () => ({
  submission: NOBODYS,
  asks: { dns: 0 },
  dispatchedAt: Date.now(),
  round1At: Date.now() + HOUR_MS,
  deadlineAt: Date.now() + HOUR_MS,
  graceMs: 0,
  patienceMs: 0,
});
const row = (url: string) => ({ seq: 1, url, host: 'a.test', domain: 'a.test' });
const cells = JSON.stringify({
  v: 1,
  ask: 'dns',
  plans: [plan()],
  cells: [{ plan: 7, seq: 1, unit: 'a.test', gen: 0, outcome: 'skipped', detail: 'quota', at: 1 }],
});

/** What JSON and size let pass: characters and numbers that no table takes, a cell of a plan that is not there. */
const OWN_KINDS: Readonly<Record<MessageName, readonly Kind[]>> = {
  'url.submitted': [
    {
      kind: 'NUL, for one fetcher',
      code: 'contract',
      value: JSON.stringify({ v: 1, plan: plan(), ...row('http://a.test/\u0000') }),
      asks: 'dns',
      groups: ['joiner', 'store', 'fetcher.dns'],
    },
  ],
  'metric.round1': [{ kind: 'no such plan', code: 'contract', value: cells }],
  'round2.requested': [
    {
      kind: 'NUL, for one fetcher',
      code: 'contract',
      value: JSON.stringify({
        v: 1,
        plans: [plan()],
        rows: [{ plan: 0, ...row('http://a.test/'), asks: [{ ask: 'moz.url', gen: 0, unit: 'a\u0000' }] }],
      }),
      asks: 'moz.url',
      groups: ['fetcher.moz'],
    },
  ],
  'metric.round2': [{ kind: 'no such plan', code: 'contract', value: cells }],
  'row.joined': [
    {
      kind: 'a version that fits no column',
      code: 'unstorable',
      value: JSON.stringify({
        v: 1,
        plan: plan(),
        ...row('http://a.test/'),
        version: 3_000_000_000,
        state: 'final',
        cells: {},
      }),
    },
  ],
};
