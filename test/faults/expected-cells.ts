import type { RowView } from '@assay/contracts';
import type { SimulatorControl } from '../harness/simulator-control.js';

interface Truth {
  readonly outcome: 'ok' | 'absent' | 'failed' | 'skipped';
  readonly numbers: Readonly<Record<string, unknown>>;
  readonly facts?: { finalUrl?: string; finalDomain?: string; canonicalUrl?: string };
}

/** Whole days since or until a date: another one may begin between the answer and the truth. */
const DAYS = /^(age_days|days_to_expiry|days_since_change)$/;

/** Every difference between a finished row and what the simulator would say; empty where all is right. */
export async function differences(simulator: SimulatorControl, row: RowView): Promise<string[]> {
  const expected = await expectedCells(simulator, row);
  return Object.entries(expected).flatMap(([ask, truth]) => {
    const cell = row.cells[ask];
    if (cell?.outcome !== truth.outcome)
      return [`${row.url} ${ask}: ${cell?.outcome}(${cell?.detail}), not ${truth.outcome}`];
    return Object.entries(truth.outcome === 'ok' ? truth.numbers : {})
      .filter(([metric, value]) => !same(metric, cell.numbers?.[metric], value))
      .map(
        ([metric, value]) =>
          `${row.url} ${ask} ${metric}: ${String(cell.numbers?.[metric])}, not ${String(value)}`,
      );
  });
}

/** By ask. The units of round two follow from the truth about the page, not from what Assay found there. */
async function expectedCells(simulator: SimulatorControl, row: RowView): Promise<Record<string, Truth>> {
  const ask = (provider: string, surface: string, unit: string) =>
    simulator.truth<Truth>(provider, surface, unit);
  const page = await ask('page', 'page', row.url);
  const { finalUrl, finalDomain = row.domain, canonicalUrl = row.url } = page.facts ?? {};
  const skipped: Truth = { outcome: 'skipped', numbers: {} };
  const found = finalUrl !== undefined && finalUrl !== row.url;
  const [dns, rdap, listed, final, rank, mozUrl, mozDomain] = await Promise.all([
    ask('dns', 'dns', row.host),
    ask('rdap', 'rdap', row.domain),
    ask('safebrowsing', 'safebrowsing', row.url),
    found ? ask('safebrowsing', 'safebrowsing', finalUrl) : skipped,
    ask('openpagerank', 'openpagerank', finalDomain),
    ask('moz', 'moz.url', canonicalUrl),
    ask('moz', 'moz.domain', finalDomain),
  ]);
  return {
    page,
    dns,
    rdap,
    safebrowsing: listed,
    'safebrowsing.final': final,
    openpagerank: rank,
    'moz.url': mozUrl,
    'moz.domain': mozDomain,
  };
}

function same(metric: string, seen: unknown, value: unknown): boolean {
  if (DAYS.test(metric)) return Math.abs(Number(seen) - Number(value)) <= 1;
  if (typeof value === 'string' && typeof seen === 'string' && metric.endsWith('_at'))
    return Date.parse(seen) === Date.parse(value);
  return seen === value;
}
