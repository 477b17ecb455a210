import { siteOf } from '@assay/simulator/site';

/** Registries that publish registrations, so that no one of them sets the pace. */
const TLDS = ['com', 'org', 'net', 'dev', 'io', 'uk', 'fr', 'nl', 'info', 'us'];
/** The first label fixes what kind of site the simulator makes of a domain. */
const CLASSES = [
  'popular',
  'popular',
  'popular',
  'ordinary',
  'ordinary',
  'ordinary',
  'ordinary',
  'young',
  'spam',
];

/** `count` distinct URLs on `domains` domains of all kinds that live; the same list for the same name. */
export function testUrls(name: string, count: number, domains: number): string[] {
  const names = quickDomains(name, domains);
  return Array.from({ length: count }, (_, i) => `https://${names[i % domains]}/articles/${i}?ref=${name}`);
}

/** Without sites that take seconds for each page: a host's pages are asked for one by one, and would set the time of a test. */
export function quickDomains(name: string, count: number): string[] {
  const domains: string[] = [];
  for (let i = 0; domains.length < count; i++) {
    const domain = `${CLASSES[i % CLASSES.length]}-${name}-${i}.${TLDS[i % TLDS.length]}`;
    if (isQuick(domain)) domains.push(domain);
  }
  return domains;
}

/** Neither slow itself nor moved to where it is slow. */
function isQuick(domain: string): boolean {
  const { slowMs, movedTo } = siteOf(domain);
  return slowMs === 0 && (movedTo === undefined || isQuick(movedTo));
}

/** A domain of its own each, none of which exists: one URL only, since a host that fails again and again is left alone. */
export function deadUrls(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `https://dead-${name}-${i}.org/`);
}
