/**
 * The registries of the simulated RDAP bootstrap file: top-level domains and the base of their server.
 * A top-level domain that stands nowhere here (de, ch, it, es, eu, se, jp, edu, …) has no RDAP.
 */
export const RDAP_SERVICES: readonly (readonly [tlds: readonly string[], bases: readonly string[]])[] = [
  [['com'], ['https://rdap.verisign.com/com/v1/']],
  [['net'], ['https://rdap.verisign.com/net/v1/']],
  [['org', 'ngo', 'ong'], ['https://rdap.publicinterestregistry.org/rdap/']],
  [['dev', 'app', 'page', 'new', 'how'], ['https://pubapi.registry.google/rdap/']],
  [['info', 'io', 'me', 'ai', 'pro', 'live', 'today'], ['https://rdap.identitydigital.services/rdap/']],
  [['uk'], ['https://rdap.nominet.uk/uk/']],
  [['fr'], ['https://rdap.nic.fr/']],
  [['nl'], ['https://rdap.sidn.nl/']],
  [['pl'], ['https://rdap.dns.pl/']],
  [['ca'], ['https://rdap.ca.fury.ca/rdap/']],
  [['br'], ['https://rdap.registro.br/']],
  [['au'], ['https://rdap.cctld.au/rdap/']],
  [['cz'], ['https://rdap.nic.cz/']],
  [['fi'], ['https://rdap.fi/rdap/rdap/']],
  [['no'], ['https://rdap.norid.no/']],
  [['us'], ['https://rdap.nic.us/']],
  [['gov'], ['https://rdap.cloudflareregistry.com/rdap/']],
  [['tv'], ['https://rdap.nic.tv/']],
  [['co'], ['https://rdap.registry.co/co/']],
  [['xyz', 'site', 'online', 'store', 'tech'], ['https://rdap.centralnic.com/all/']],
  [['test'], ['https://rdap.registry.test/rdap/']],
];

/** Asks at the first server are sent on (302) to the second. */
export const REDIRECTING_HOST = 'rdap.nic.tv';
export const REDIRECTED_TO = 'rdap.backend.nic.tv';

/** Server host to the top-level domains it answers for. */
export const RDAP_HOSTS: ReadonlyMap<string, ReadonlySet<string>> = serversByHost();

function serversByHost(): Map<string, Set<string>> {
  const hosts = new Map<string, Set<string>>([[REDIRECTED_TO, new Set(['tv'])]]);
  for (const [tlds, bases] of RDAP_SERVICES) {
    for (const base of bases) {
      const { hostname } = new URL(base);
      hosts.set(hostname, new Set([...(hosts.get(hostname) ?? []), ...tlds]));
    }
  }
  return hosts;
}
