import { Type, type Static } from 'typebox';
import { contract } from './contract.js';
import { LANES } from './topics.js';

const WEEK_MS = 7 * 24 * 3_600_000;

/** Round one must stay open longer than the 2 s by which requests expire before it closes. */
export const Deadlines = Type.Object(
  {
    round1Ms: Type.Optional(Type.Integer({ minimum: 3_000, maximum: WEEK_MS })),
    deadlineMs: Type.Optional(Type.Integer({ minimum: 4_000, maximum: WEEK_MS })),
  },
  { additionalProperties: false },
);

/** USD. A thousand million are more than anybody means. */
const MaxPrice = Type.Number({ minimum: 0, maximum: 1e9 });
const MaxCalls = Type.Integer({ minimum: 0, maximum: 1e12 });

/** Never passed: what would pass it is skipped(budget). */
export const Ceiling = Type.Object(
  { maxPrice: Type.Optional(MaxPrice), maxCalls: Type.Optional(MaxCalls) },
  { additionalProperties: false },
);
export type Ceiling = Static<typeof Ceiling>;

/** Of a submission over all providers, and of single providers in it. */
export const Ceilings = Type.Object(
  { ...Ceiling.properties, providers: Type.Optional(Type.Record(Type.String(), Ceiling)) },
  { additionalProperties: false },
);
export type Ceilings = Static<typeof Ceilings>;

/** Body of POST /v1/submissions/:id/ceilings: takes the place of those before; `{}` for none. */
export const CeilingsBody = contract('ceilings', 1, Ceilings);

/** What may stand beside `urls` in POST /v1/submissions, or as query parameters of a text upload. */
export const SubmissionOptions = contract(
  'submission options',
  1,
  Type.Object(
    {
      name: Type.Optional(
        Type.String({ minLength: 1, maxLength: 200, pattern: String.raw`^[^\u0000-\u001f\u007f]*$` }),
      ),
      /** Provider ids; absent: all that are switched on. */
      providers: Type.Optional(
        Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { minItems: 1, maxItems: 64 }),
      ),
      /** Absent: express up to 500 rows, else bulk. */
      lane: Type.Optional(Type.Enum(LANES)),
      deadlines: Type.Optional(Deadlines),
      patienceMs: Type.Optional(Type.Integer({ minimum: 0, maximum: WEEK_MS })),
      maxAgeMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 10 * 365 * 24 * 3_600_000 })),
      /** true: no stored answer will do, everything is asked anew; the same as maxAgeMs 0. */
      refresh: Type.Optional(Type.Boolean()),
      ceilings: Type.Optional(Ceilings),
      /** The list is kept and its plan answered; nothing is asked until it is started. */
      plan: Type.Optional(Type.Literal('only')),
      /** Share of dispatch beside other submissions. */
      weight: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
    },
    { additionalProperties: false },
  ),
);
export type SubmissionOptions = Static<typeof SubmissionOptions.schema>;
