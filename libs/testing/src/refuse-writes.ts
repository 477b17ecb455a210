import type { Database } from '@assay/database';

export interface RefusedWrites {
  /** Statements that were refused so far. */
  count(): Promise<number>;
  /** Writes are taken again. */
  end(): Promise<void>;
}

let refusals = 0;

/**
 * From now on PostgreSQL refuses writes to `table` as it does with a full disk (53100), or as `sqlState` says; the first
 * `after` statements pass.
 */
export async function refuseWrites(
  database: Database,
  table: string,
  { sqlState = '53100', after = 0 }: { sqlState?: string; after?: number } = {},
): Promise<RefusedWrites> {
  const name = `refuse_${(refusals += 1)}`;
  // A sequence goes on although the statement that moved it is rolled back.
  await database.query({ text: `CREATE SEQUENCE ${name}` });
  await database.query({
    text: `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF nextval('${name}') > ${after} THEN
          RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '${sqlState}';
        END IF;
        RETURN NULL;
      END $$`,
  });
  await database.query({
    text: `CREATE TRIGGER ${name} BEFORE INSERT OR UPDATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION ${name}()`,
  });
  return {
    count: async () => {
      const { rows } = await database.query<{ n: number }>({
        text: `SELECT CASE WHEN is_called THEN greatest(0, last_value - ${after}) ELSE 0 END::int AS n FROM ${name}`,
      });
      return rows[0]!.n;
    },
    end: async () => void (await database.query({ text: `DROP TRIGGER ${name} ON ${table}` })),
  };
}
