import { runService } from '@assay/telemetry';
import { readStoreConfig } from './store.config.js';
import { startStore } from './start-store.js';

await runService('store', (logger) => startStore(readStoreConfig(), logger));
