import type { Probe } from '@assay/telemetry';
import pg from 'pg';

/** Of connecting and of the answer, each. */
const WITHIN_MS = 2_000;

export interface ProbeSettings {
  readonly url: string;
  readonly applicationName: string;
  /** A service that only reads is well with a server that is read-only. */
  readonly reads?: boolean;
}

/** Asks PostgreSQL whether it answers and may be written to, on a connection of its own: a busy pool is no outage. */
export function postgresProbe({ url, applicationName, reads = false }: ProbeSettings): Probe {
  let client: pg.Client | undefined;
  let lost = () => {};
  const drop = () => {
    const dropped = client;
    client = undefined;
    void dropped?.end().catch(() => undefined);
  };
  return {
    ask: async () => {
      try {
        client ??= await connected(url, `${applicationName}-probe`, () => (drop(), lost()));
        const { rows } = await client.query<{ only: string }>(READ_ONLY);
        if (!reads && rows[0]?.only === 'on') throw new Error('read-only: it takes no writes');
      } catch (error) {
        drop();
        throw error;
      }
    },
    onLost: (callback) => (lost = callback),
    close: drop,
  };
}

const READ_ONLY = `SELECT current_setting('transaction_read_only') AS only`;

async function connected(url: string, name: string, lost: () => void): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: name,
    connectionTimeoutMillis: WITHIN_MS,
    query_timeout: WITHIN_MS,
    statement_timeout: WITHIN_MS,
  });
  client.on('error', lost);
  await client.connect();
  return client;
}
