import { ASKS, type Ask, type UnitKind } from './asks.js';
import type { Truth } from './simulator.js';

export interface RowUnits {
  readonly url: string;
  readonly host: string;
  readonly domain: string;
}

/** What an ask of a row may have been about; without a unit nothing may be measured. */
export interface AskedUnits {
  /** By the truth about the page. */
  readonly right: string | undefined;
  /** Where the page was not known in time: the row's own unit. */
  readonly fallback: string | undefined;
}

/** The units of an ask of round two follow from the truth about the page, not from what was found there. */
export function unitsOf(ask: Ask, row: RowUnits, page: Truth | undefined): AskedUnits {
  const own = ownUnit(ask.unit, row);
  if (!ask.fact) return { right: own, fallback: undefined };
  const fact = page && unitOfFact(ask, page.facts ?? {});
  if (ask.unlessFirst && fact === own) return { right: undefined, fallback: undefined };
  if (ask.required) return { right: fact, fallback: undefined };
  return { right: fact ?? own, fallback: own };
}

export function askOf(id: string): Ask | undefined {
  return ASKS.get(id);
}

function ownUnit(kind: UnitKind, { url, host, domain }: RowUnits): string | undefined {
  if (kind === 'handle') return undefined;
  return { url, host, domain, origin: new URL(url).origin }[kind];
}

function unitOfFact({ fact = '', unit }: Ask, facts: Readonly<Record<string, unknown>>): string | undefined {
  const [name = '', network] = fact.split('.');
  if (network !== undefined) {
    const handles = facts[name] as Record<string, readonly string[] | undefined> | undefined;
    return handles?.[network]?.[0];
  }
  const value = facts[name];
  if (typeof value !== 'string') return undefined;
  return unit === 'origin' ? new URL(value).origin : value;
}
