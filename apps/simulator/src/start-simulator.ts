import type { World } from './apis/api.js';
import { exchangeFor } from './exchange-for.js';
import type { SimulatorConfig } from './simulator.config.js';
import { authorityAt } from './wire/authority-file.js';
import { Certificates } from './wire/certificates.js';
import { Clock } from './wire/clock.js';
import { Conductor } from './wire/conduct.js';
import { openControlServer } from './wire/control-server.js';
import { CountJournal } from './wire/count-journal.js';
import { Counts } from './wire/counts.js';
import { openDnsServer } from './wire/dns-server.js';
import { readScript } from './wire/fault-script.js';
import { Faults } from './wire/faults.js';
import { Limits } from './wire/limits.js';
import { openWebFront } from './wire/web-front.js';

export interface RunningSimulator {
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly dnsPort: number;
  readonly controlPort: number;
  /** Ends all servers and cuts what is still open. */
  stop(): Promise<void>;
}

/** Opens all ports; resolves when they answer and the authority's certificate is written. */
export async function startSimulator(
  config: SimulatorConfig,
  machine: () => number = Date.now,
): Promise<RunningSimulator> {
  const clock = new Clock(machine);
  const { now } = clock;
  const counts = new Counts();
  const journal = config.countsFile === undefined ? undefined : new CountJournal(config.countsFile);
  journal?.attach(counts);
  const faults = new Faults();
  if (config.script !== undefined) faults.plan(readScript(config.script), now());
  const limits = new Limits(config.limitsFactor, config.limits);
  const usedUnits = (key: string) => limits.usedUnits(key, now());
  const world: World = { anchor: anchorOf(now()), now, usedUnits };
  const certificates = await Certificates.open(await authorityAt(config.caFile, machine()), machine);
  const conductor = new Conductor({ counts, limits, faults, latency: config.latency, now });
  const web = await openWebFront({
    httpPort: config.httpPort,
    httpsPort: config.httpsPort,
    certificates,
    conductor,
    exchangeFor: (request) => exchangeFor(request, world),
  });
  const dns = await openDnsServer(config.dnsPort, counts, faults, now);
  const truthContext = () => ({ anchor: world.anchor, now: now() });
  const resetLimits = () => {
    limits.reset();
    conductor.liftPenalties();
  };
  const control = await openControlServer(config.controlPort, {
    counts,
    faults,
    clock,
    limits,
    resetLimits,
    truthContext,
  });
  return {
    httpPort: web.httpPort,
    httpsPort: web.httpsPort,
    dnsPort: dns.port,
    controlPort: control.port,
    stop: async () => {
      await Promise.all([web.close(), dns.close(), control.close()]);
      journal?.close();
    },
  };
}

/** Ages are counted from the first of the month, so that restarts within it tell the same dates. */
function anchorOf(now: number): number {
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
}
