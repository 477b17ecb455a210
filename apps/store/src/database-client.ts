import type { Database } from '@assay/database';

/** What a statement needs: the pool itself, or the connection of one transaction. */
export type DatabaseClient = Pick<Database, 'query'>;
