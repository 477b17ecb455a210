import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/**
 * Below what systems give to connections (Linux from 32768 on): a process that starts again must find its port free, and
 * not with a connection that somebody else has opened meanwhile.
 */
const LOWEST = 10_000;
const COUNT = 22_000;

/** Processes that start side by side each look in a place of their own. */
let next = randomInt(COUNT);

/** A TCP port on loopback that was free a moment ago, and that this process is not given again soon. */
export const freePort = (): Promise<number> => firstThat(takesTcp);

/** The same for UDP. */
export const freeUdpPort = (): Promise<number> => firstThat(takesUdp);

async function firstThat(takes: (port: number) => Promise<boolean>): Promise<number> {
  for (let tries = 0; tries < COUNT; tries++) {
    const port = LOWEST + next;
    next = (next + 1) % COUNT;
    if (await takes(port)) return port;
  }
  throw new Error(`every port on 127.0.0.1 from ${LOWEST} to ${LOWEST + COUNT - 1} is in use`);
}

function takenOr(
  error: NodeJS.ErrnoException,
  resolve: (takes: boolean) => void,
  reject: (error: Error) => void,
): void {
  if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
  else reject(error);
}

function takesTcp(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => takenOr(error, resolve, reject));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

function takesUdp(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    socket.once('error', (error) => takenOr(error, resolve, reject));
    socket.bind(port, '127.0.0.1', () => socket.close(() => resolve(true)));
  });
}
