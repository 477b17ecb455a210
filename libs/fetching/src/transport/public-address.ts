import ipaddr from 'ipaddr.js';

const GLOBAL_UNICAST_6 = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * True where an IP literal is an address on the public internet. Refuses private, loopback,
 * link-local, CGNAT, multicast, broadcast, documentation, benchmark and reserved ranges, and every
 * IPv6 form that carries an IPv4 address (mapped, NAT64, 6to4, Teredo), since a gateway may unpack it.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  // Outside 2000::/3 nothing is routed yet: ::/96, 64:ff9b:1::/48, fec0::/10 and what comes later.
  return parsed.kind() === 'ipv4' || (parsed as ipaddr.IPv6).match(GLOBAL_UNICAST_6);
}
