import { cacheFolder } from '@assay/embedded';
import { startSystem, type RunningSystem } from '@assay/standalone/system';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';

const here = import.meta.dirname;

export interface BenchSystem {
  readonly system: RunningSystem;
  readonly stubPort: number;
  pids(): Record<string, number>;
  stop(): Promise<void>;
}

export async function startStub(): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(join(here, 'stub-server.js'));
  const [message] = (await once(child, 'message')) as [{ port: number }];
  return { child, port: message.port };
}

/** The whole system on its production path; only the last step of the dialer leads to the stub. */
export async function startBenchSystem(stubPort: number, fetchers: string[][]): Promise<BenchSystem> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'assay-bench-'));
  const caFile = join(dataFolder, 'ca.pem');
  await writeFile(caFile, rootCertificates[0]!);
  const system = await startSystem(
    {
      mode: 'test',
      dataFolder,
      cacheFolder: cacheFolder(process.env),
      host: '127.0.0.1',
      port: 0,
      partitions: 12,
      replicationFactor: 1,
      durable: true,
      environment: {
        ...process.env,
        LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'warn',
        PROVIDERS_MODULE: join(here, 'stub-providers.js'),
        LEAD_HTTP_PORT: String(stubPort),
        LEAD_HTTPS_PORT: String(stubPort),
        LEAD_DNS_PORT: String(stubPort),
        // The stub speaks plain HTTP only: any certificate will do, none is asked for.
        LEAD_CA_FILE: caFile,
      },
      fetchers,
      limitsFactor: 1,
    },
    {
      note: (text) => console.error(text),
      onService: (event) => event.kind === 'ended' && console.error(`${event.service} ended: ${event.how}`),
    },
  );
  return {
    system,
    stubPort,
    pids: () => system.pids(),
    stop: async () => {
      await system.stop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}
