import { dropPostgres, rootFolder } from '@assay/embedded';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ApiClient } from './demo/api-client.js';
import { sayTroubles, type Patience } from './demo/provider-watch.js';
import { planLines } from './demo/plan-table.js';
import { runList } from './demo/run-list.js';
import { LiveLines } from './demo/screen.js';
import { claimFolder } from './launcher-lock.js';
import { checkList } from './preflight/check-list.js';
import { checkBrokers, checkDatabase } from './preflight/check-answers.js';
import { preflight } from './preflight/preflight.js';
import { dailySettings, demoSettings, DEMO_LIMITS_FACTOR } from './settings-for.js';
import { noteAddresses, RUNS } from './running-place.js';
import { readStandaloneConfig } from './standalone.config.js';
import { prepare, startSystem, type RunningSystem } from './system/start-system.js';
import type { SystemSettings } from './system/system-settings.js';
import { aborted } from './until-stopped.js';

export interface Run {
  readonly live: LiveLines;
  readonly signal: AbortSignal;
  /** When this command was given: process start, in ms since 1970. */
  readonly givenAt: number;
}

export interface DemoOptions {
  /** Keep what earlier demos stored. */
  readonly keep: boolean;
  /** Show what the list would take, ask nothing, end. */
  readonly plan: boolean;
}

/** The whole system on simulated providers with a list handed in; serves until stopped. */
export async function demo(run: Run, list: string | undefined, options: DemoOptions): Promise<void> {
  const config = readStandaloneConfig();
  const file = list ?? join(rootFolder(), 'apps/standalone/demo-urls.txt');
  if (file !== '-') await checkList(file);
  const dataFolder = join(config.dataFolder, RUNS.demo);
  await preflight(config, dataFolder, 'npm run demo');
  const release = await claimFolder(dataFolder);
  if (!options.keep) await dropData(dataFolder);
  const settings = await demoSettings(config, dataFolder);
  await whileRunning(run, settings, release, async (system) => {
    run.live.say(
      `Every provider is simulated: the answers are made up, the same each time for the same URL. Limits are ${DEMO_LIMITS_FACTOR} times the documented ones.`,
    );
    const api = new ApiClient(system.address);
    const { live, signal } = run;
    const { logFolder } = system;
    const name = (list === undefined ? 'demo' : list === '-' ? 'standard input' : list).slice(-200);
    if (options.plan) return showPlan(run, api, file, name);
    const patience = patienceOf(settings);
    await runList({ api, list: file, name, out: process.stdout, live, logFolder, patience, signal });
    run.live.say('\nStill serving. Ctrl-C ends everything.');
    await aborted(signal);
  });
}

async function showPlan(run: Run, api: ApiClient, file: string, name: string): Promise<void> {
  const plan = await api.plan(file, name);
  for (const line of planLines(plan, process.stdout.columns ?? 100)) run.live.say(line);
}

/** Daily use: data kept, real providers. */
export async function start(run: Run): Promise<void> {
  const config = readStandaloneConfig();
  const dataFolder = join(config.dataFolder, RUNS.start);
  await preflight(config, dataFolder, 'npm start');
  const release = await claimFolder(dataFolder);
  const settings = await dailySettings(config, dataFolder);
  const asked = settings.fetchers.flat().join(', ') || 'none';
  await whileRunning(run, settings, release, async (system) => {
    run.live.say(`Providers switched on: ${asked}. Others need a key in .env (see .env.example).`);
    run.live.say(
      `Hand in a list on the page, or: curl -H 'content-type: text/plain' --data-binary @my-urls.txt ${system.address}/v1/submissions`,
    );
    run.live.say(`Data and logs: ${dataFolder}. Ctrl-C ends everything; the data stays.`);
    await sayTroubles(new ApiClient(system.address), patienceOf(settings), run.live, run.signal);
  });
}

/** Topics and tables on a broker and a database of the user's own, then ends: the first step of a deployment. */
export async function setup(run: Run): Promise<void> {
  const config = readStandaloneConfig();
  const brokers = config.brokers ?? '127.0.0.1:9092';
  const databaseUrl = config.databaseUrl ?? 'postgres://assay:assay@127.0.0.1:5432/assay';
  await Promise.all([checkBrokers(brokers), checkDatabase(databaseUrl)]);
  await prepare(config, { brokers, databaseUrl });
  run.live.say(`Topics with ${config.partitions} partitions and all tables are there.`);
}

/** As ingest reads it; what it cannot read it has refused by now. */
function patienceOf({ environment }: SystemSettings): Patience {
  const { EXPRESS_PATIENCE_MS, BULK_PATIENCE_MS } = environment;
  return { express: Number(EXPRESS_PATIENCE_MS || 5_000), bulk: Number(BULK_PATIENCE_MS || 3_600_000) };
}

/** Stops the system when `work` has ended, or `run` is to stop. */
async function whileRunning(
  run: Run,
  settings: SystemSettings,
  release: () => Promise<void>,
  work: (system: RunningSystem) => Promise<void>,
): Promise<void> {
  run.live.say('Starting …');
  try {
    const system = await startSystem(settings, eventsOf(run), run.signal);
    const { brokers } = system;
    // One of the user's own is his to name again: its password stays where he wrote it.
    const databaseUrl = settings.databaseUrl === undefined ? system.databaseUrl : undefined;
    const forget = await noteAddresses(settings.dataFolder, { brokers, databaseUrl });
    try {
      const took = ((Date.now() - run.givenAt) / 1_000).toFixed(1);
      run.live.say(`Ready after ${took} s: ${system.address}`);
      await Promise.race([work(system), aborted(run.signal)]);
    } finally {
      run.live.clear();
      run.live.say('Stopping …');
      await forget();
      await system.stop();
    }
  } finally {
    await release();
  }
}

function eventsOf(run: Run) {
  return {
    note: (text: string) => run.live.say(`  ${text}`),
    onService: (event: Parameters<Parameters<typeof startSystem>[1]['onService']>[0]) => {
      if (run.signal.aborted) return;
      if (event.kind === 'ended') run.live.say(`  ${event.service} ended (${event.how}); starting it again`);
      else if (event.restart > 0) run.live.say(`  ${event.service} is back after ${event.tookMs} ms`);
    },
  };
}

async function dropData(dataFolder: string): Promise<void> {
  for (const part of ['kafka', 'logs', 'simulator-ca.pem'])
    await rm(join(dataFolder, part), { recursive: true, force: true });
  await dropPostgres(join(dataFolder, 'postgres'));
}
