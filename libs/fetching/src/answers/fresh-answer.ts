import type { Facts } from '@assay/contracts';

/** An answer as far as a cell needs it. Times in ms since 1970. */
export interface FreshAnswer {
  readonly key: string;
  readonly id: string;
  readonly outcome: 'ok' | 'absent';
  readonly facts?: Facts;
  readonly fetchedAt: number;
  readonly expiresAt: number;
}
