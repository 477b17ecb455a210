import type { JoinedCell } from '@assay/contracts';
import type { SeedRow, SeedSubmission } from './seed.js';

const AT = Date.UTC(2026, 0, 1);
const ANSWER = '019b0000-0000-7000-8000-0000000000aa';

/** Small, with everything in it. */
export const A = '019b0000-0000-7000-8000-00000000000a';
/** Newer, complete, with one URL of A. */
export const B = '019b0000-0000-7000-8000-00000000000b';
/** Longer than several pages and reads. */
export const BIG = '019b0000-0000-7000-8000-00000000000d';

export const ok: JoinedCell = { gen: 0, outcome: 'ok', answer: ANSWER, at: AT };
export const absent: JoinedCell = { gen: 0, outcome: 'absent', answer: ANSWER, at: AT };
export const timeout: JoinedCell = { gen: 0, outcome: 'failed', detail: 'timeout', at: AT };
export const down: JoinedCell = {
  gen: 0,
  outcome: 'skipped',
  detail: 'provider_down',
  until: AT + 60_000,
  at: AT,
};
const spam = { probability: 0.25, flag: false, reasons: ['title is short'], model: 'fixed-1' };

const rowsOfA: SeedRow[] = [
  {
    seq: 1,
    url: 'https://one.example/',
    state: 'final',
    version: 3,
    cells: { page: { ...ok, last: timeout }, dns: absent, 'moz.url': down },
    numbers: { page: { status: 200, words: 0, title: '=HYPERLINK("x"),"y"' } },
    spam,
    quality: { score: 71, coverage: 0.5 },
  },
  {
    seq: 2,
    url: 'https://two.example/?a=1,2',
    state: 'final',
    version: 2,
    cells: { page: timeout, dns: ok, 'moz.url': down },
    numbers: { dns: { a: -2, mx: 1 } },
  },
  {
    seq: 4,
    url: 'https://three.example/',
    state: 'partial',
    cells: { page: ok },
    numbers: { page: { status: 404 } },
  },
  { seq: 5, url: 'https://four.example/', state: 'waiting', version: 0 },
  { seq: 6, url: 'https://five.example/' },
];

const bigRows: SeedRow[] = Array.from({ length: 2_300 }, (_, i) => ({
  seq: i * 2 + 1,
  url: `https://big.example/${i}`,
  ...(i % 2 === 0 && {
    state: 'final' as const,
    cells: { page: i % 500 === 0 ? timeout : ok },
    numbers: { page: { status: 200, words: i } },
  }),
}));

export const sample: SeedSubmission[] = [
  {
    id: A,
    asks: ['page', 'dns', 'moz.url'],
    name: 'first',
    rows: rowsOfA,
    duplicates: [{ seq: 3, of: 1, url: 'https://one.example/' }],
    rejected: [
      { seq: 7, line: '<script>alert(1)</script>', reason: 'Not a URL' },
      { seq: 8, line: 'ftp://x/', reason: 'Scheme ftp' },
    ],
  },
  {
    id: B,
    asks: ['page'],
    state: 'complete',
    rows: [{ seq: 1, url: 'https://one.example/', state: 'final', cells: { page: ok } }],
  },
  { id: BIG, asks: ['page'], lane: 'bulk', rows: bigRows },
];
