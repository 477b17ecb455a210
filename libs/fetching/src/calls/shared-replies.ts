import type { ProviderReply, ProviderRequest } from '@assay/providers';
import { LRUCache } from 'lru-cache';

const MAX_ENTRIES = 5_000;
export const MAX_SHARED_BYTES = 64 * 1024 * 1024;
/** A failure is shared too, so that a host that is down is not asked once per page, but not for long. */
const FAILURE_TTL_MS = 30_000;

/** A token that one of our keys bought is not shared with another key. */
function nameOf({ method, url, body = '', headers }: ProviderRequest): string {
  const authorization = headers?.['authorization'];
  return method === 'GET' && authorization === undefined
    ? url
    : `${method} ${url} ${body} ${authorization ?? ''}`;
}

/** Replies that are the same for all who ask (robots.txt, a bootstrap file): kept in this process, asked for once at a time. */
export class SharedReplies {
  readonly #kept = new LRUCache<string, ProviderReply>({
    max: MAX_ENTRIES,
    maxSize: MAX_SHARED_BYTES,
    sizeCalculation: (reply) => 1_024 + (reply.kind === 'reply' ? reply.body.length : 0),
  });
  readonly #flights = new Map<string, Promise<ProviderReply>>();

  get bytes(): number {
    return this.#kept.calculatedSize;
  }

  /** The kept reply, the one that is on its way, or that of `send`. */
  async fetch(
    request: ProviderRequest,
    forMs: number,
    send: () => Promise<ProviderReply>,
  ): Promise<ProviderReply> {
    const name = nameOf(request);
    const kept = this.#kept.get(name) ?? this.#flights.get(name);
    if (kept) return kept;
    // Not called here: sending may start other conversations at once, and they must find this flight.
    const flight = Promise.resolve().then(send);
    this.#flights.set(name, flight);
    try {
      const reply = await flight;
      const failed = reply.kind === 'error' || reply.status >= 500 || reply.status === 429;
      this.#kept.set(name, reply, { ttl: failed ? Math.min(forMs, FAILURE_TTL_MS) : forMs });
      return reply;
    } finally {
      this.#flights.delete(name);
    }
  }
}
