import type { PartWatch } from '@assay/telemetry';
import { DataSource, type EntitySchema, type ObjectLiteral, type Repository } from 'typeorm';
import { databaseOf, dataSourceOptions, type Database, type DatabaseSettings } from './database.js';

export interface OpenDatabase extends Database {
  /** For reads and writes that are not hot. */
  repository<T extends ObjectLiteral>(entity: EntitySchema<T>): Repository<T>;
  close(): Promise<void>;
}

/** Connects; rejects where PostgreSQL cannot be reached. `part` hears how work fares from then on. */
export async function openDatabase(settings: DatabaseSettings, part?: PartWatch): Promise<OpenDatabase> {
  const source = await new DataSource(dataSourceOptions(settings)).initialize();
  return {
    ...databaseOf(source, part),
    repository: (entity) => source.getRepository(entity),
    close: () => source.destroy(),
  };
}
