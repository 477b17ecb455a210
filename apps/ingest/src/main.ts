import { runService } from '@assay/telemetry';
import { readIngestConfig } from './ingest.config.js';
import { startIngest } from './start-ingest.js';

await runService('ingest', async (logger) => startIngest(await readIngestConfig(), logger));
