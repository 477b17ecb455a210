import { Type, type Static } from '@assay/config';
import {
  Ceilings,
  Problem,
  RetryAccepted,
  RetryFilter,
  RowView,
  StuckRow,
  SubmissionAccepted,
  SubmissionOptions,
  SubmissionPlan,
  SubmissionView,
} from '@assay/contracts';
import { Health } from './health-shapes.js';
import { CostView } from '../cost/cost-shape.js';

/** A page of a list; `next` goes into `after` for the one behind it and is null on the last. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export const RejectedLine = Type.Object({
  seq: Type.Integer({ minimum: 0, description: 'Number of the line in the list as it came.' }),
  line: Type.String({ description: 'Its text, cut where it is long.' }),
  reason: Type.String({ description: 'Why it was rejected, and what to write instead.' }),
});
export type RejectedLine = Static<typeof RejectedLine>;

export const ProviderView = Type.Object({
  id: Type.String(),
  title: Type.String(),
  docs: Type.String(),
  enabled: Type.Boolean(),
  why: Type.String({ description: 'Why it is on or off and, where off, how to switch it on.' }),
  key: Type.Union([
    Type.Object({ variable: Type.String(), signUp: Type.String(), set: Type.Boolean() }),
    Type.Null(),
  ]),
  asks: Type.Array(
    Type.Object({
      id: Type.String(),
      surface: Type.String(),
      round: Type.Integer({ minimum: 1, maximum: 2 }),
      unit: Type.String(),
      needs: Type.Union([
        Type.Object({
          fact: Type.String(),
          network: Type.Optional(Type.String()),
          from: Type.String(),
          need: Type.String(),
        }),
        Type.Null(),
      ]),
      metrics: Type.Array(Type.String(), { description: 'Ids of the metrics that this ask can measure.' }),
    }),
  ),
  metrics: Type.Array(
    Type.Object({
      id: Type.String(),
      type: Type.String(),
      unit: Type.String(),
      meaning: Type.String(),
      range: Type.Union([Type.Array(Type.Number(), { minItems: 2, maxItems: 2 }), Type.Null()]),
    }),
  ),
  limits: Type.Array(
    Type.Object({
      permits: Type.Number(),
      perMs: Type.Number(),
      of: Type.String(),
      resets: Type.Optional(Type.String({ description: 'At midnight there: utc or pacific.' })),
    }),
  ),
  unitsPerCall: Type.Integer({ minimum: 1 }),
  timeoutMs: Type.Integer({ minimum: 0 }),
  freshForMs: Type.Object({ ok: Type.Number(), absent: Type.Number() }),
  price: Type.Union([
    Type.Object({
      perCallMicroUsd: Type.Optional(Type.Number()),
      perUnitMicroUsd: Type.Optional(Type.Number()),
    }),
    Type.Null(),
  ]),
  health: Health,
});
export type ProviderView = Static<typeof ProviderView>;

const pageOf = (items: string) => ({
  type: 'object',
  required: ['items', 'next'],
  properties: {
    items: { type: 'array', items: { $ref: `#/components/schemas/${items}` } },
    next: { type: ['string', 'null'], description: 'Goes into `after`; null on the last page.' },
  },
});

/** Every schema of the document by name. */
export const SCHEMAS = {
  Problem,
  SubmissionOptions: SubmissionOptions.schema,
  SubmissionAccepted,
  SubmissionPlan,
  Ceilings,
  RetryFilter: RetryFilter.schema,
  RetryAccepted,
  SubmissionView,
  RowView,
  RejectedLine,
  StuckRow,
  CostView,
  ProviderView,
  SubmissionPage: pageOf('SubmissionView'),
  RowPage: pageOf('RowView'),
  StuckPage: pageOf('StuckRow'),
  RejectedPage: pageOf('RejectedLine'),
  ProviderList: {
    type: 'object',
    required: ['items'],
    properties: { items: { type: 'array', items: { $ref: '#/components/schemas/ProviderView' } } },
  },
} as const;
export type SchemaName = keyof typeof SCHEMAS;
