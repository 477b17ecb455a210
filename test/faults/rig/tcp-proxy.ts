import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Transform, type TransformCallback } from 'node:stream';

/** What a line does: it passes bytes, takes connections and passes nothing, or takes none. */
export type LineState = 'passing' | 'stalled' | 'cut';

/**
 * Stands between a client and a port on loopback, and can be made slow, deaf or broken at any time.
 * One chunk at a time waits in each direction, so a stalled line fills the sockets on both sides as a real one would.
 */
export class TcpProxy {
  /** Each chunk waits so long. Milliseconds. */
  latencyMs = 0;
  /** Where it leads; set before the first client comes. */
  target = 0;
  #state: LineState = 'passing';
  #held: (() => void)[] = [];
  readonly #sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {
    server.on('connection', (client) => this.#join(client));
  }

  /** On a free port of loopback, or on the one given. */
  static async listen(port = 0): Promise<TcpProxy> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    const proxy = new TcpProxy(server);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get state(): LineState {
    return this.#state;
  }

  /** Connections that stand, each counted once. */
  get connections(): number {
    return this.#sockets.size / 2;
  }

  /** Takes connections and passes nothing: what is on its way waits. */
  stall(): void {
    this.#state = 'stalled';
  }

  /** Ends every connection in the middle of what it says, and takes no new one. */
  cut(): void {
    this.#state = 'cut';
    this.reset();
  }

  /** Every connection ends with RST; new ones are taken as before. */
  reset(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
    this.#release();
  }

  /** All is well again: what was held goes on. */
  pass(): void {
    this.#state = 'passing';
    this.#release();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #release(): void {
    const held = this.#held;
    this.#held = [];
    for (const goOn of held) goOn();
  }

  #join(client: Socket): void {
    if (this.#state === 'cut') return void client.resetAndDestroy();
    const server = connect({ port: this.target, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    client.pipe(this.#line()).pipe(server);
    server.pipe(this.#line()).pipe(client);
    this.#bind(client, server);
    this.#bind(server, client);
  }

  /** What happens to one end happens to the other: an error is passed on as RST. */
  #bind(socket: Socket, other: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => other.resetAndDestroy());
    socket.on('close', () => {
      this.#sockets.delete(socket);
      other.destroySoon();
    });
  }

  #line(): Transform {
    const delayed = (chunk: Buffer, done: TransformCallback) => {
      if (this.latencyMs > 0) setTimeout(() => done(null, chunk), this.latencyMs);
      else done(null, chunk);
    };
    const transform = (chunk: Buffer, _: BufferEncoding, done: TransformCallback) => {
      if (this.#state === 'passing') return delayed(chunk, done);
      this.#held.push(() => transform(chunk, _, done));
    };
    return new Transform({ transform, readableHighWaterMark: 1, writableHighWaterMark: 1 });
  }
}
