import { Type, type Static } from '@assay/config';

const Count = Type.Integer({ minimum: 0 });
/** Exact to a millionth of a dollar. */
const Price = Type.Number({ minimum: 0, description: 'USD, exact, with at most six decimals.' });

const Charged = Type.Object({ calls: Count, price: Price });

const Costs = {
  calls: Type.Integer({
    minimum: 0,
    description:
      'Calls with units of this submission in them, each a row of the ledger; those in flight included.',
  }),
  requests: Type.Integer({ minimum: 0, description: 'HTTP requests that went out for these calls.' }),
  units: Type.Integer({ minimum: 0, description: 'Units that this submission paid for.' }),
  price: Price,
  charged: Type.Object(
    { yes: Charged, no: Charged, unknown: Charged },
    {
      description:
        'Whether the provider billed these calls. yes: it answered; no: it surely did not, and the price is 0; ' +
        'unknown: no reply, a server error or a process that ended, counted with its full price.',
    },
  ),
};

export const CostView = Type.Object({
  submission: Type.String({ format: 'uuid' }),
  total: Type.Object(Costs),
  providers: Type.Array(Type.Object({ provider: Type.String(), ...Costs }), {
    description: 'Those with a price that were asked for this submission.',
  }),
  note: Type.String({ description: 'What these figures leave out.' }),
});
export type CostView = Static<typeof CostView>;
