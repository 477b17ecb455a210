import { Type, type Static } from 'typebox';
import { Attempt } from './cell.js';
import { contract } from './contract.js';
import { Plan, RowIdentity } from './plan.js';

/**
 * A merged cell: its value where one was ever measured, else its last attempt.
 * `last` stands beside a value when a later attempt failed or was skipped.
 */
export const JoinedCell = Type.Object({
  ...Attempt.properties,
  last: Type.Optional(Attempt),
});
export type JoinedCell = Static<typeof JoinedCell>;

/** Message 5: one row with all its cells as pointers. Written by the joiner, read by the store. */
export const RowJoined = contract(
  'row.joined',
  1,
  Type.Object({
    v: Type.Literal(1),
    plan: Plan,
    seq: RowIdentity.seq,
    /** Absent only where `url.submitted` never reached the joiner before the row's deadline. */
    url: Type.Optional(RowIdentity.url),
    host: Type.Optional(RowIdentity.host),
    domain: Type.Optional(RowIdentity.domain),
    /** Rises with every change of the merged row; readers keep the newest. */
    version: Type.Integer({ minimum: 1 }),
    state: Type.Union([Type.Literal('partial'), Type.Literal('final')]),
    /** By ask; a planned ask without an outcome yet is missing here, and never in a final row. */
    cells: Type.Record(Type.String(), JoinedCell),
  }),
);
export type RowJoined = Static<typeof RowJoined.schema>;
