import { classOf, type DomainClass } from './domain-class.js';
import { draws } from './hash.js';

const DAY = 86_400_000;

/** What a registry knows of a domain. Times are milliseconds since 1970. */
export interface Registration {
  readonly registered: number;
  readonly expires: number;
  readonly changed: number;
  readonly statuses: readonly string[];
  readonly nameservers: readonly string[];
  readonly signed: boolean;
}

/** Days between registration and the anchor. */
const AGE_DAYS: Record<Exclude<DomainClass, 'dead'>, readonly [min: number, max: number]> = {
  popular: [4_000, 11_000],
  ordinary: [700, 8_000],
  young: [2, 170],
  spam: [5, 900],
};

const STATUSES = [
  'client delete prohibited',
  'client transfer prohibited',
  'client update prohibited',
  'server delete prohibited',
  'server transfer prohibited',
  'server update prohibited',
];

/** Undefined: nobody has registered it. `anchor` is the day from which ages are counted. */
export function registrationOf(domain: string, anchor: number): Registration | undefined {
  const is = classOf(domain);
  if (is === 'dead') return undefined;
  const draw = draws(`registration|${domain}`);
  const [min, max] = AGE_DAYS[is];
  const age = draw.int(min, max);
  const registered = anchor - age * DAY + draw.int(0, 86_399) * 1_000;
  const years = Math.ceil(age / 365) + (is === 'popular' ? draw.int(1, 8) : draw.int(0, 1));
  return {
    registered,
    expires: registered + Math.max(1, years) * 365 * DAY,
    changed: registered + Math.floor(draw.next() * age) * DAY,
    statuses: statusesOf(is, draw.next()),
    nameservers: nameserversOf(domain),
    signed: draw.chance(is === 'popular' ? 0.4 : 0.12),
  };
}

function statusesOf(is: DomainClass, at: number): string[] {
  if (is === 'popular') return STATUSES.slice(0, 3 + Math.floor(at * 4));
  return at < 0.3 ? ['active'] : STATUSES.slice(1, 2 + Math.floor(at * 2));
}

/** Name servers of a registrable domain; the zone and the registry agree. */
export function nameserversOf(domain: string): string[] {
  const draw = draws(`ns|${domain}`);
  const zone = draw.chance(0.2)
    ? domain
    : draw.pick(['dns-park.net', 'ns-cloud.com', 'zone-host.org', 'anycast-dns.net']);
  const count = draw.int(2, 4);
  return Array.from({ length: count }, (_, index) => `ns${index + 1}.${zone}`);
}
