import type { Provider } from '@nestjs/common';
import type { Database } from '@assay/database';
import { createGroupPositions, readDeadLetters, type GroupPositions, type Publisher } from '@assay/messaging';
import type { Logger } from '@assay/telemetry';
import type { IngestConfig } from '../ingest.config.js';
import { askedInRoundOne } from '../plan-asks.js';
import { CONFIG, DATABASE, LOGGER, POSITIONS, PUBLISHER } from '../tokens.js';
import { Reconciler } from './reconciler.js';

/** Reading all dead letters of a week takes seconds; longer than this it is tried again later. */
const LONGEST_SCAN_MS = 60_000;
const CLIENT_ID = 'assay-reconcile';

export const reconcileProviders: Provider[] = [
  { provide: POSITIONS, inject: [CONFIG, LOGGER], useFactory: openPositions },
  {
    provide: Reconciler,
    inject: [CONFIG, LOGGER, DATABASE, PUBLISHER, POSITIONS],
    useFactory: createReconciler,
  },
];

function openPositions({ brokers }: IngestConfig, logger: Logger): GroupPositions {
  return createGroupPositions({ brokers, clientId: CLIENT_ID, logger });
}

function createReconciler(
  config: IngestConfig,
  logger: Logger,
  database: Database,
  publisher: Publisher,
  positions: GroupPositions,
): Reconciler {
  return new Reconciler({
    ...{ database, publisher, positions, logger },
    roundOneAsks: askedInRoundOne(config.registry),
    settings: config.reconcile,
    scanLetters: (each, signal) =>
      readDeadLetters(
        { brokers: config.brokers, signal: AbortSignal.any([signal, AbortSignal.timeout(LONGEST_SCAN_MS)]) },
        (letters) => letters.forEach(each),
      ),
  });
}
