import { lookup, Resolver } from 'node:dns/promises';
import { TransportFailure } from './transport-failure.js';

/** All addresses of a name, at least one. Rejects with the resolver's error. */
export type ResolveName = (hostname: string) => Promise<string[]>;

/** The operating system's resolver. */
export const resolveBySystem: ResolveName = async (hostname) => {
  const found = await lookup(hostname, { all: true });
  return found.map(({ address }) => address);
};

/** A resolver that asks only the DNS server at 127.0.0.1:`port`, over UDP. */
export function resolveAt(port: number): ResolveName {
  const resolver = new Resolver({ timeout: 1_000, tries: 2 });
  resolver.setServers([`127.0.0.1:${port}`]);
  return async (hostname) => {
    const [four, six] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    const found = [four, six].flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
    if (found.length > 0) return found;
    throw four.status === 'rejected' ? four.reason : new TransportFailure('dns', 'no address');
  };
}
