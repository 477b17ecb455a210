import { parseUrl } from '@assay/contracts';
import type { TruthContext } from '../apis/api.js';
import { APIS } from '../apis/index.js';
import { registrableDomain, classOf, type DomainClass } from '../world/domain-class.js';
import type { Truth } from './expected.js';
import { robotsTruth } from './robots-truth.js';
import { visitPage } from './visit-page.js';

type TruthOf = (unit: string, surface: string, at: TruthContext) => Truth;

const BY_PROVIDER: ReadonlyMap<string, TruthOf> = new Map<string, TruthOf>([
  ['page', visitPage],
  ['robots', robotsTruth],
  ...APIS.map(({ id, truth }) => [id, truth] as const),
]);

/** Undefined: no such provider. */
export function truthOf(
  provider: string,
  surface: string,
  unit: string,
  at: TruthContext,
): Truth | undefined {
  return BY_PROVIDER.get(provider)?.(unit, surface, at);
}

/** The class that explains the numbers. */
export function classOfUnit(unit: string): DomainClass {
  const host = parseUrl(unit)?.hostname ?? unit;
  return classOf(registrableDomain(host));
}
