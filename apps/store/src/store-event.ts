import type { RowJoined, UrlSubmitted } from '@assay/contracts';
import type { RowId } from './row-key.js';

interface OnPartition extends RowId {
  readonly partition: number;
}

/** What the store writes down: that a row exists, or what was joined about it. */
export type StoreEvent =
  | (OnPartition & { readonly kind: 'submitted'; readonly message: UrlSubmitted })
  | (OnPartition & { readonly kind: 'joined'; readonly message: RowJoined; failure?: Error });

export type JoinedEvent = Extract<StoreEvent, { kind: 'joined' }>;
export type SubmittedEvent = Extract<StoreEvent, { kind: 'submitted' }>;
