import { lookup, Resolver } from 'node:dns/promises';
import { TransportFailure } from './transport-failure.js';

/** All addresses of a name, at least one. Rejects with the resolver's error. */
export type ResolveName = (hostname: string) => Promise<string[]>;

/** The operating system's resolver. */
export const resolveBySystem: ResolveName = async (hostname) => {
  const found = await lookup(hostname, { all: true });
  return found.map(({ address }) => address);
};

/** A burst of more would overflow the socket buffer of a small server, and each lost packet costs a retry. */
const LOOKUPS_AT_A_TIME = 32;

/** A resolver that asks only the DNS server at 127.0.0.1:`port`, over UDP. */
export function resolveAt(port: number): ResolveName {
  const resolver = new Resolver({ timeout: 500, tries: 3 });
  resolver.setServers([`127.0.0.1:${port}`]);
  return atMost(LOOKUPS_AT_A_TIME, async (hostname) => {
    const [four, six] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    const found = [four, six].flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
    if (found.length > 0) return found;
    throw four.status === 'rejected' ? four.reason : new TransportFailure('dns', 'no address');
  });
}

/** The same, with at most `places` look-ups in flight; others wait in line. */
function atMost(places: number, resolve: ResolveName): ResolveName {
  const waiting: (() => void)[] = [];
  let free = places;
  return async (hostname) => {
    if (free === 0) await new Promise<void>((go) => waiting.push(go));
    else free--;
    try {
      return await resolve(hostname);
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
