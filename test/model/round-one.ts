import { roundOneAsks } from '../../apps/ingest/src/plan-asks.js';
import { catalogue } from '../../apps/joiner/src/join-row.fixture.js';

export const roundOne = (asks: readonly string[]) =>
  roundOneAsks(asks, (ask) => catalogue.asks.get(ask)?.round);
