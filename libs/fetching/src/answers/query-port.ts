/** The part of `Database` of @assay/database that is used here. */
export interface QueryPort {
  query<R extends Record<string, unknown>>(query: {
    name?: string;
    text: string;
    values?: unknown[];
  }): Promise<{ rows: R[] }>;
}
