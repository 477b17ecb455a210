import { MetricRound1, MetricRound2, type Metric } from './metric.js';
import { Round2Requested } from './round2-requested.js';
import { RowJoined } from './row-joined.js';
import type { MessageName } from './topics.js';
import { UrlSubmitted } from './url-submitted.js';

/** The contract of each message: what `messaging` validates on the way out and on the way in. */
export const CATALOGUE = {
  'url.submitted': UrlSubmitted,
  'metric.round1': MetricRound1,
  'round2.requested': Round2Requested,
  'metric.round2': MetricRound2,
  'row.joined': RowJoined,
} as const;

export interface MessageTypes {
  'url.submitted': UrlSubmitted;
  'metric.round1': Metric;
  'round2.requested': Round2Requested;
  'metric.round2': Metric;
  'row.joined': RowJoined;
}

export type MessageOf<M extends MessageName> = MessageTypes[M];
