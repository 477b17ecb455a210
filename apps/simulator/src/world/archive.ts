import { classOf } from './domain-class.js';
import { hash32, share } from './hash.js';
import { registrationOf } from './registration.js';
import { domainOf, hostOf, pathOf } from './unit.js';

const DAY = 86_400_000;

/** Days of captures of a page or a host, oldest first; none before its domain was registered. */
export function capturesOf(unit: string, anchor: number): number[] {
  const domain = domainOf(unit);
  const registered = registrationOf(domain, anchor)?.registered;
  if (registered === undefined) return [];
  const page = `${hostOf(unit)}${pathOf(unit)}`;
  const isStart = pathOf(unit) === '/';
  if (
    share(page, 'archived') >
    (isStart ? 0.97 : { popular: 0.8, ordinary: 0.5, young: 0.1, spam: 0.2, dead: 0 }[classOf(domain)])
  )
    return [];
  const ageDays = Math.floor((anchor - registered) / DAY);
  const count = Math.min(240, 1 + Math.floor((ageDays / 40) * share(page, 'captures') * (isStart ? 1 : 0.4)));
  const days = Array.from(
    { length: count },
    (_, at) => hash32(`capture|${page}|${at}`) % Math.max(1, ageDays),
  );
  return [...new Set(days)].map((day) => registered + day * DAY).sort((a, b) => a - b);
}
