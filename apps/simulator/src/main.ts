import { runService } from '@assay/telemetry';
import { readSimulatorConfig } from './simulator.config.js';
import { startSimulator } from './start-simulator.js';

await runService('simulator', async (logger) => {
  const config = readSimulatorConfig();
  const { stop, ...ports } = await startSimulator(config);
  logger.info(
    { ...ports, caFile: config.caFile, limitsFactor: config.limitsFactor },
    'simulated web and providers',
  );
  return { stop };
});
