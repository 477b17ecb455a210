import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { faultWords } from './fault-words.js';

/** One declaration that gives type, validator and JSON schema. */
export interface Contract<S extends TSchema> {
  readonly name: string;
  readonly version: number;
  /** The JSON schema itself. */
  readonly schema: S;
  check(value: unknown): value is Static<S>;
  /** The first faults of a value that does not check, as `path: message`. Empty for a valid value. */
  faults(value: unknown): string[];
}

const MAX_FAULTS = 5;

export function contract<S extends TSchema>(name: string, version: number, schema: S): Contract<S> {
  const compiled = Compile(schema);
  return {
    name,
    version,
    schema,
    check: (value): value is Static<S> => compiled.Check(value),
    faults: (value) => faultWords(schema, compiled.Errors(value)).slice(0, MAX_FAULTS),
  };
}
