import { parseUrl } from '@assay/contracts';
import { openDatabase } from '@assay/database';
import { MissingPartError } from '@assay/embedded';
import { connect } from 'node:net';

const ANSWERS_WITHIN_MS = 5_000;

/** @throws MissingPartError unless one of the brokers takes a connection */
export async function checkBrokers(brokers: string): Promise<void> {
  const addresses = brokers.split(',').map((address) => splitAddress(address.trim(), 9092));
  const taken = await Promise.all(addresses.map(({ host, port }) => takesConnections(host, port)));
  if (taken.includes(true)) return;
  throw new MissingPartError(
    `No Kafka broker answers at ${brokers}: start it, correct KAFKA_BROKERS, or unset it to use the embedded one.`,
  );
}

/** @throws MissingPartError unless the server of the connection string lets us in */
export async function checkDatabase(url: string): Promise<void> {
  const address = parseUrl(url);
  if (!address?.hostname || !/^postgres(ql)?:$/.test(address.protocol))
    throw new MissingPartError(
      'DATABASE_URL is no connection string: write postgres://user:password@host:5432/database, with / @ : ? # % of the password percent-encoded (/ as %2F), or unset it to use the embedded PostgreSQL.',
    );
  const place = `${address.hostname}:${address.port || 5432}`;
  if (!(await takesConnections(address.hostname, Number(address.port || 5432))))
    throw new MissingPartError(
      `No PostgreSQL answers at ${place}: start it, correct DATABASE_URL, or unset it to use the embedded one.`,
    );
  await letsIn(url, place);
}

/** The server's own words hold neither password nor address. */
async function letsIn(url: string, place: string): Promise<void> {
  try {
    const database = await openDatabase({ url, poolSize: 1, applicationName: 'assay-preflight' });
    await database.close();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new MissingPartError(`PostgreSQL at ${place} does not let us in (${why}): correct DATABASE_URL.`);
  }
}

function splitAddress(address: string, fallback: number): { host: string; port: number } {
  const cut = address.lastIndexOf(':');
  if (cut < 0) return { host: address, port: fallback };
  return { host: address.slice(0, cut), port: Number(address.slice(cut + 1)) };
}

function takesConnections(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    if (!(port > 0 && port < 65_536)) return resolve(false);
    const socket = connect({ host, port, timeout: ANSWERS_WITHIN_MS });
    const done = (taken: boolean) => {
      socket.destroy();
      resolve(taken);
    };
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
    socket.once('timeout', () => done(false));
  });
}
