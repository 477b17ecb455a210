import { runService } from '@assay/telemetry';
import { readJoinerConfig } from './joiner.config.js';
import { startJoiner } from './start-joiner.js';

await runService('joiner', async (logger) => startJoiner(await readJoinerConfig(), logger));
