import { runService } from '@assay/telemetry';
import { readQueryConfig } from './query.config.js';
import { startQuery } from './start-query.js';

await runService('query', (logger) => startQuery(readQueryConfig(process.env), logger));
