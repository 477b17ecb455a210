import type { InHand } from '../permits/permit.js';
import type { Credential } from './credential.js';

/** One start with one of our keys; without a permit where the limit key has no limit. */
export interface Start {
  readonly credential: Credential;
  readonly permit: InHand | undefined;
}
