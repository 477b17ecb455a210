import type { Filter } from './row-pages.js';

export const STATE_CHOICES: readonly (readonly [Filter['state'], string])[] = [
  ['', 'All'],
  ['waiting', 'Waiting'],
  ['partial', 'Partial'],
  ['final', 'Final'],
];

export const OUTCOME_CHOICES: readonly (readonly [Filter['outcome'], string])[] = [
  ['', 'anything'],
  ['ok', 'ok'],
  ['absent', 'absent'],
  ['failed', 'failed'],
  ['skipped', 'skipped'],
];
