import { Type, type Static } from 'typebox';
import { contract } from './contract.js';
import { Plan, RowIdentity } from './plan.js';

/** Message 1: one row, dispatched. Written by ingest; read by round-one fetchers, joiner and store. */
export const UrlSubmitted = contract(
  'url.submitted',
  1,
  Type.Object({ v: Type.Literal(1), plan: Plan, ...RowIdentity }),
);
export type UrlSubmitted = Static<typeof UrlSubmitted.schema>;
