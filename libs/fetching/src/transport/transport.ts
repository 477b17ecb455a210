import type { ProviderReply, ProviderRequest } from '@assay/providers';
import { LRUCache } from 'lru-cache';
import { Pool, type Dispatcher } from 'undici';
import { createDialer, type Dial, type DialerSettings } from './dialer.js';
import { HttpExchange } from './http-exchange.js';
import { errorReply, TransportFailure } from './transport-failure.js';

export interface SendOptions {
  /** Total time: name, connection, headers, body. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Asked in the instant before the first byte: false sends nothing and replies `late`. A socket may take its time to stand. */
  readonly mayStart?: () => boolean;
}

/** The one way out of the process. Never rejects; never follows a redirect. */
export interface Transport {
  send(request: ProviderRequest, options: SendOptions): Promise<ProviderReply>;
  /** Cuts what is in flight and closes every socket. */
  close(): Promise<void>;
  /** Addresses whose sockets are kept: of providers and of foreign hosts. */
  readonly pools?: { readonly own: number; readonly foreign: number };
}

export interface TransportSettings extends DialerSettings {
  /** Sent where a provider does not say who asks. */
  readonly userAgent?: string;
  /** Sockets to one provider's address. */
  readonly connections?: number;
  /** Addresses of foreign hosts whose sockets are kept for a next request; a page run visits tens of thousands. */
  readonly maxForeignPools?: number;
}

/** One visit at a time, on one socket: a second would be opened for each page after its robots.txt. */
const FOREIGN_CONNECTIONS = 1;
const KEEP_ALIVE_MS = 10_000;
const FOREIGN_KEEP_ALIVE_MS = 5_000;
export const MAX_OWN_POOLS = 512;
export const MAX_FOREIGN_POOLS = 1_024;

export function createTransport(settings: TransportSettings = {}): Transport {
  return new PooledTransport(settings);
}

/** By the URL standard, so that 2130706433, 0x7f.1 and ⓛocalhost are what a browser takes them for. */
function parseUrl(text: string): URL | undefined {
  try {
    const url = new URL(text);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
  } catch {
    return undefined;
  }
}

class PooledTransport implements Transport {
  readonly #dial: Dial;
  readonly #own: LRUCache<string, Pool>;
  readonly #foreign: LRUCache<string, Pool>;

  constructor(private readonly settings: TransportSettings) {
    this.#dial = createDialer(settings);
    // A pool that is pushed out ends its requests in flight first.
    const dispose = (pool: Pool) => void pool.close().catch(() => undefined);
    this.#own = new LRUCache({ max: MAX_OWN_POOLS, dispose });
    this.#foreign = new LRUCache({ max: settings.maxForeignPools ?? MAX_FOREIGN_POOLS, dispose });
  }

  get pools() {
    return { own: this.#own.size, foreign: this.#foreign.size };
  }

  send(request: ProviderRequest, options: SendOptions): Promise<ProviderReply> {
    const url = parseUrl(request.url);
    if (!url)
      return Promise.resolve(
        errorReply(new TransportFailure('protocol', 'not an http or https address'), '-'),
      );
    return new Promise((resolve) => this.#dispatch(request, url, options, resolve));
  }

  async close(): Promise<void> {
    const pools = [...this.#own.values(), ...this.#foreign.values()];
    await Promise.all(pools.map((pool) => pool.destroy().catch(() => undefined)));
    this.#own.clear();
    this.#foreign.clear();
  }

  #dispatch(
    request: ProviderRequest,
    url: URL,
    options: SendOptions,
    resolve: (reply: ProviderReply) => void,
  ): void {
    const exchange = new HttpExchange(request, url.hostname, options, resolve);
    options.signal?.addEventListener(
      'abort',
      () => exchange.fail(new TransportFailure('timeout', 'cancelled')),
      { once: true },
    );
    this.#poolOf(url, request.foreign === true).dispatch(
      {
        path: url.pathname + url.search,
        method: request.method,
        headers: this.#headersOf(request),
        body: request.body ?? null,
      },
      exchange as unknown as Dispatcher.DispatchHandler,
    );
  }

  #headersOf(request: ProviderRequest): Record<string, string> | null {
    const { userAgent } = this.settings;
    const headers = request.headers;
    if (!userAgent) return headers ?? null;
    if (headers && ('user-agent' in headers || 'User-Agent' in headers)) return headers;
    return { ...headers, 'user-agent': userAgent };
  }

  #poolOf(url: URL, foreign: boolean): Pool {
    const pools = foreign ? this.#foreign : this.#own;
    const origin = url.origin;
    let pool = pools.get(origin);
    if (!pool) {
      pool = this.#open(origin, foreign);
      pools.set(origin, pool);
    }
    return pool;
  }

  #open(origin: string, foreign: boolean): Pool {
    return new Pool(origin, {
      connections: foreign ? FOREIGN_CONNECTIONS : (this.settings.connections ?? 256),
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: foreign ? FOREIGN_KEEP_ALIVE_MS : KEEP_ALIVE_MS,
      connect: (target, callback) => {
        const secure = target.protocol === 'https:';
        const port = Number(target.port) || (secure ? 443 : 80);
        this.#dial({ hostname: target.hostname, protocol: target.protocol, port, foreign }).then(
          (socket) => callback(null, socket),
          (error: Error) => callback(error, null),
        );
      },
    });
  }
}
