import type { ProviderReply, ProviderRequest } from '@assay/providers';
import { Deadline } from './deadline.js';
import { decodeBody } from './decode-body.js';
import { errorReply, TransportFailure } from './transport-failure.js';

export const DEFAULT_CAP_BYTES = 512 * 1024;

interface ExchangeOptions {
  readonly timeoutMs: number;
  /** False in the instant before the first byte: nothing is sent. */
  readonly mayStart?: () => boolean;
}

type Abort = (reason?: Error) => void;

/** Headers are read from the wire form only when somebody looks: most answers are judged by status and body. */
class Reply {
  readonly kind = 'reply' as const;
  #headers: Record<string, string> | undefined;

  constructor(
    readonly status: number,
    private readonly rawHeaders: readonly Buffer[],
    readonly body: Buffer,
    readonly truncated: boolean,
    readonly ttfbMs: number,
    readonly totalMs: number,
  ) {}

  get headers(): Readonly<Record<string, string>> {
    return (this.#headers ??= readHeaders(this.rawHeaders));
  }
}

function readHeaders(raw: readonly Buffer[]): Record<string, string> {
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i]!.toString('latin1').toLowerCase();
    const value = raw[i + 1]!.toString('latin1');
    const before = headers[name];
    const joint = name === 'set-cookie' ? '\n' : ', ';
    headers[name] = before === undefined ? value : before + joint + value;
  }
  return headers;
}

function rawHeader(raw: readonly Buffer[], wanted: string): string | undefined {
  for (let i = 0; i + 1 < raw.length; i += 2) {
    if (raw[i]!.length === wanted.length && raw[i]!.toString('latin1').toLowerCase() === wanted)
      return raw[i + 1]!.toString('latin1');
  }
  return undefined;
}

/**
 * One request and its reply, as a handler of undici's lowest interface: no stream, no signal. Always
 * ends, at the latest after `timeoutMs`, or soon after this process woke; decoding takes none of that time.
 */
export class HttpExchange {
  readonly #startedAt = performance.now();
  readonly #cap: number;
  readonly #chunks: Buffer[] = [];
  readonly #deadline: Deadline;
  #headersAt = 0;
  #status = 0;
  #rawHeaders: readonly Buffer[] = [];
  #size = 0;
  #settled = false;
  #abort: Abort | undefined;

  constructor(
    request: ProviderRequest,
    private readonly host: string,
    private readonly options: ExchangeOptions,
    private readonly resolve: (reply: ProviderReply) => void,
  ) {
    this.#cap = request.capBytes ?? DEFAULT_CAP_BYTES;
    const { timeoutMs } = options;
    this.#deadline = new Deadline(timeoutMs, () =>
      this.fail(new TransportFailure('timeout', `no whole reply within ${Math.round(timeoutMs)} ms`)),
    );
  }

  onConnect(abort: Abort): void {
    if (this.#settled) return abort();
    if (this.options.mayStart?.() === false) return this.#startLate();
    this.#abort = abort;
  }

  /** Thrown at undici, and not aborted: the socket stays, and whoever comes next finds it open. */
  #startLate(): never {
    const late = new TransportFailure('timeout', 'its permit ran out before it could be sent');
    this.#settle({ ...errorReply(late, this.host), unsent: true, late: true });
    throw late;
  }

  onHeaders(status: number, rawHeaders: Buffer[]): boolean {
    if (status < 200) return true;
    this.#headersAt = performance.now();
    this.#status = status;
    this.#rawHeaders = rawHeaders;
    return true;
  }

  onData(chunk: Buffer): boolean {
    if (this.#settled) return true;
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#size > this.#cap) this.#finish(true);
    return true;
  }

  onComplete(): void {
    this.#finish(false);
  }

  onError(error: Error): void {
    this.fail(error);
  }

  /** Ends the exchange without a reply and lets go of its socket. */
  fail(error: Error): void {
    if (this.#settled) return;
    const reply = errorReply(error, this.host);
    // undici hands over `abort` when it begins to write.
    this.#settle(this.#abort ? reply : { ...reply, unsent: true });
    this.#abort?.(error);
  }

  #settle(reply: ProviderReply): void {
    this.#settled = true;
    this.#deadline.clear();
    this.resolve(reply);
  }

  #finish(cut: boolean): void {
    if (this.#settled) return;
    const raw = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks, this.#size);
    const body = cut ? raw.subarray(0, this.#cap) : raw;
    const encoding = rawHeader(this.#rawHeaders, 'content-encoding');
    if (encoding === undefined || encoding === '' || encoding === 'identity') this.#reply(body, cut);
    else void this.#decode(body, encoding, cut);
    if (cut) this.#abort?.();
  }

  async #decode(body: Buffer, encoding: string, cut: boolean): Promise<void> {
    // What is here is here: it may wait for one of the few threads that decode.
    this.#deadline.clear();
    try {
      const decoded = await decodeBody(body, encoding, this.#cap, cut);
      if (!this.#settled) this.#reply(decoded.body, decoded.truncated);
    } catch (error) {
      this.fail(error as Error);
    }
  }

  #reply(body: Buffer, truncated: boolean): void {
    const ttfbMs = this.#headersAt - this.#startedAt;
    const totalMs = performance.now() - this.#startedAt;
    this.#settle(new Reply(this.#status, this.#rawHeaders, body, truncated, ttfbMs, totalMs));
  }
}
