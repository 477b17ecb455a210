import { parseUrl } from '@assay/contracts';
import {
  createServer as createHttp,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { Certificates } from './certificates.js';
import { page, type Exchange, type WireRequest } from './exchange.js';
import type { Conductor } from './conduct.js';

const MAX_BODY = 4 * 1024 * 1024;
/** Addresses of 8 KB and their headers must fit. */
const MAX_HEADERS = 64 * 1024;
const KEEP_ALIVE_MS = 65_000;

export interface WebFront {
  readonly httpPort: number;
  readonly httpsPort: number;
  close(): Promise<void>;
}

/** Both ports, on loopback; the Host header says who is meant, whatever the address. */
export async function openWebFront(settings: {
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly certificates: Certificates;
  readonly conductor: Conductor;
  readonly exchangeFor: (request: WireRequest) => Exchange;
}): Promise<WebFront> {
  const { certificates, conductor, exchangeFor } = settings;
  const receive = (secure: boolean) => (incoming: IncomingMessage, response: ServerResponse) =>
    void read(incoming)
      .then(
        (body) => {
          const request = requestOf(incoming, secure, body);
          if (!request) return refuse(response);
          conductor.conduct(exchangeFor(request), request.host, response, Buffer.byteLength(body));
        },
        () => response.destroy(),
      )
      // A request that no API foresaw costs its caller an answer, nobody else the simulator.
      .catch(() => response.destroy());
  const http = createHttp({ maxHeaderSize: MAX_HEADERS, noDelay: true }, receive(false));
  const https = createHttps(
    { maxHeaderSize: MAX_HEADERS, noDelay: true, ...(await tlsOf(certificates)) },
    receive(true),
  );
  const [httpPort, httpsPort] = await Promise.all([
    listen(http, settings.httpPort),
    listen(https, settings.httpsPort),
  ]);
  return { httpPort, httpsPort, close: async () => void (await Promise.all([close(http), close(https)])) };
}

/** One ticket key and session context for all hosts, so that clients may resume. */
async function tlsOf(certificates: Certificates) {
  const SNICallback = (host: string, done: (error: Error | null, context?: never) => void) => {
    certificates.contextFor(host.toLowerCase()).then(
      (context) => done(null, context as never),
      (error: Error) => done(error),
    );
  };
  return {
    ...(await certificates.unnamed()),
    SNICallback,
    sessionIdContext: 'simulator',
    ALPNProtocols: ['http/1.1'],
  };
}

function requestOf(incoming: IncomingMessage, secure: boolean, body: string): WireRequest | undefined {
  const target = incoming.url ?? '/';
  const origin = `${secure ? 'https' : 'http'}://${incoming.headers.host ?? ''}`;
  if (!target.startsWith('/') || parseUrl(origin) === undefined) return undefined;
  const host = new URL(origin).hostname.replace(/\.$/, '');
  const named = secure ? (incoming.socket as TLSSocket).servername : undefined;
  if (named && named.toLowerCase() !== host) return undefined;
  const mark = target.indexOf('?');
  return {
    method: incoming.method ?? 'GET',
    secure,
    host,
    path: mark < 0 ? target : target.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1)),
    target,
    headers: incoming.headers,
    body,
  };
}

/** No host, or another host than the certificate was asked for. */
function refuse(response: ServerResponse): void {
  const { status, headers, body } = page(421, 'Misdirected Request');
  response.writeHead(status, headers).end(body);
}

async function read(incoming: IncomingMessage): Promise<string> {
  if (incoming.method === 'GET' || incoming.method === 'HEAD') return '';
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY) throw new RangeError(`body over ${MAX_BODY} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function listen(server: Server, port: number): Promise<number> {
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.headersTimeout = KEEP_ALIVE_MS + 1_000;
  server.requestTimeout = 0;
  server.on('clientError', (_, socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', backlog: 2_048 }, () => {
      server.off('error', reject);
      resolve((server.address() as { port: number }).port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
