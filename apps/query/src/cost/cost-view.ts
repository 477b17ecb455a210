import type { CostView } from './cost-shape.js';

/** Calls of one provider that were billed alike. The driver hands bigint over as text. */
export interface CostRecord {
  readonly provider: string;
  readonly charged: 'yes' | 'no' | 'unknown';
  readonly calls: string;
  readonly requests: string;
  readonly units: string;
  readonly micro_usd: string;
}

type Costs = CostView['total'];

const MICRO = 1_000_000;
const NOTE =
  'Calls of providers without a price are not attributed to a submission; a stored answer costs nothing. ' +
  'A call that units of several submissions share is split by units, and counts as a call of each.';

/** What a submission cost so far, by provider. */
export function costView(submission: string, records: readonly CostRecord[]): CostView {
  const names = [...new Set(records.map(({ provider }) => provider))].toSorted();
  const providers = names.map((provider) => ({
    provider,
    ...sumOf(records.filter((record) => record.provider === provider)),
  }));
  return { submission, total: sumOf(records), providers, note: NOTE };
}

function sumOf(records: readonly CostRecord[]): Costs {
  const charged = (kind: CostRecord['charged']) => {
    const these = records.filter((record) => record.charged === kind);
    return { calls: total(these, 'calls'), price: usd(these) };
  };
  return {
    calls: total(records, 'calls'),
    requests: total(records, 'requests'),
    units: total(records, 'units'),
    price: usd(records),
    charged: { yes: charged('yes'), no: charged('no'), unknown: charged('unknown') },
  };
}

function total(records: readonly CostRecord[], of: 'calls' | 'requests' | 'units' | 'micro_usd'): number {
  return records.reduce((sum, record) => sum + Number(record[of]), 0);
}

/** Summed in whole micro-dollars: nothing is rounded before the one division, which is exact to six decimals. */
function usd(records: readonly CostRecord[]): number {
  return total(records, 'micro_usd') / MICRO;
}
