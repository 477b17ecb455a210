import { connect as connectTcp, isIP, type Socket } from 'node:net';
import {
  checkServerIdentity,
  connect as connectTls,
  createSecureContext,
  type SecureContext,
} from 'node:tls';
import { Deadline } from './deadline.js';
import { isPublicAddress } from './public-address.js';
import { resolveBySystem, type ResolveName } from './resolve-name.js';
import { TransportFailure } from './transport-failure.js';

export interface Target {
  /** From a parsed URL: lower case, IPv6 in brackets or not. */
  readonly hostname: string;
  readonly protocol: string;
  readonly port: number;
  /** The URL came from a user or a page: ports 80 and 443 only. */
  readonly foreign: boolean;
}

/** One socket about to be opened: who was asked for, the address that was checked, where it really goes. */
export interface OpenedSocket {
  readonly hostname: string;
  readonly checked: string;
  readonly address: string;
  readonly port: number;
}

/** Where every connection ends instead of the checked address: the simulator. */
export interface Lead {
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly resolve: ResolveName;
  /** PEM of the authority that signed the simulator's certificates. */
  readonly ca: string;
}

export interface DialerSettings {
  readonly lead?: Lead;
  readonly resolve?: ResolveName;
  readonly onSocket?: (socket: OpenedSocket) => void;
}

/** Longest time for one address until its socket (and TLS) stands. */
const CONNECT_TIMEOUT_MS = 5_000;
const MAX_ADDRESSES_TRIED = 3;
const FOREIGN_PORTS = new Set([80, 443]);

/** Opens a socket to a target: every address of its name is checked, and only a checked one is connected to. */
export type Dial = (target: Target) => Promise<Socket>;

export function createDialer(settings: DialerSettings): Dial {
  const secureContext = createSecureContext(settings.lead ? { ca: settings.lead.ca } : {});
  const resolve = settings.lead?.resolve ?? settings.resolve ?? resolveBySystem;
  return async (target) => {
    const addresses = await checkedAddresses(target, resolve);
    let failure: unknown;
    for (const checked of addresses.slice(0, MAX_ADDRESSES_TRIED)) {
      try {
        return await open(target, checked, secureContext, settings);
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  };
}

async function checkedAddresses(target: Target, resolve: ResolveName): Promise<string[]> {
  if (target.foreign && !FOREIGN_PORTS.has(target.port))
    throw new TransportFailure('blocked_address', `port ${target.port} is not allowed`);
  const host = target.hostname.replace(/^\[|\]$/g, '');
  const addresses = isIP(host) ? [host] : await resolve(host);
  if (addresses.length === 0) throw new TransportFailure('dns', 'no address');
  const refused = addresses.find((address) => !isPublicAddress(address));
  if (refused !== undefined)
    throw new TransportFailure('blocked_address', `${refused} is not a public address`);
  return addresses;
}

function open(target: Target, checked: string, context: SecureContext, settings: DialerSettings) {
  const secure = target.protocol === 'https:';
  const { lead } = settings;
  const address = lead ? '127.0.0.1' : checked;
  const port = lead ? (secure ? lead.httpsPort : lead.httpPort) : target.port;
  settings.onSocket?.({ hostname: target.hostname, checked, address, port });
  const at = { host: address, port };
  return established(
    secure ? overTls(at, target.hostname, context) : connectTcp({ ...at, ...SOCKET }),
    secure,
  );
}

const SOCKET = { noDelay: true, keepAlive: true } as const;

/** The certificate must be for the host that was asked for, wherever the socket goes. */
function overTls(at: { host: string; port: number }, hostname: string, secureContext: SecureContext): Socket {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  return connectTls({
    ...at,
    ...SOCKET,
    secureContext,
    ...(isIP(host) ? {} : { servername: host }),
    ALPNProtocols: ['http/1.1'],
    checkServerIdentity: (_, certificate) => checkServerIdentity(host, certificate),
  });
}

function established(socket: Socket, secure: boolean): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const deadline = new Deadline(CONNECT_TIMEOUT_MS, () =>
      socket.destroy(new TransportFailure('timeout', 'connecting took too long')),
    );
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      deadline.clear();
      socket.removeListener('error', fail);
      resolve(socket);
    });
    const fail = (error: Error) => {
      deadline.clear();
      reject(error);
    };
    socket.once('error', fail);
    socket.once('close', () => fail(new TransportFailure('reset', 'closed while connecting')));
  });
}
