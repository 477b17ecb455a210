import type { Probe } from '@assay/telemetry';
import type { Admin } from 'kafkajs';
import { createClient } from './client.js';

/** Asks a broker who is in its cluster, on a connection of its own. */
export function brokerProbe(settings: { readonly brokers: string; readonly clientId: string }): Probe {
  let admin: Admin | undefined;
  const drop = async () => {
    const dropped = admin;
    admin = undefined;
    await dropped?.disconnect().catch(() => undefined);
  };
  return {
    ask: async () => {
      try {
        admin ??= await connected(settings);
        const { brokers } = await admin.describeCluster();
        if (brokers.length === 0) throw new Error('the cluster has no broker');
      } catch (error) {
        await drop();
        // What kafkajs trips over when metadata never came.
        throw error instanceof TypeError ? new Error('no answer', { cause: error }) : error;
      }
    },
    close: drop,
  };
}

async function connected({ brokers, clientId }: { brokers: string; clientId: string }): Promise<Admin> {
  const admin = createClient({ brokers, clientId: `${clientId}-probe`, patience: 'none' }).admin();
  await admin.connect();
  return admin;
}
