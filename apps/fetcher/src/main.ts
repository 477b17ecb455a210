import { runService } from '@assay/telemetry';
import { readFetcherConfig } from './fetcher.config.js';
import { startFetcher } from './start-fetcher.js';

await runService('fetcher', async (logger) => startFetcher(await readFetcherConfig(), logger));
