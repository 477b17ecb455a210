import { Type, type Static, type TObject } from 'typebox';
import { Compile } from 'typebox/compile';
import { Convert, Default } from 'typebox/value';

export { Type, type Static } from 'typebox';

/** All faults of the environment at once, each with the variable's name and what it should be. */
export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`Configuration is not usable:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/**
 * Reads variables named by the schema from the environment. Empty counts as unset; defaults and
 * types come from the schema, and each property's `description` says what it is for.
 * @throws ConfigError
 */
export function readConfig<S extends TObject>(
  schema: S,
  environment: Readonly<Record<string, string | undefined>>,
): Static<S> {
  const given: Record<string, unknown> = {};
  for (const name of Object.keys(schema.properties)) {
    if (environment[name] !== undefined && environment[name] !== '') given[name] = environment[name];
  }
  const value = Convert(schema, Default(schema, given));
  const compiled = Compile(schema);
  if (compiled.Check(value)) return value as Static<S>;
  throw new ConfigError(compiled.Errors(value).map((fault) => faultText(fault)));
}

function faultText(fault: { instancePath: string; message: string; params?: unknown }): string {
  const missing = (fault.params as { requiredProperties?: string[] } | undefined)?.requiredProperties;
  if (missing) return `${missing.join(', ')} is not set`;
  return `${fault.instancePath.slice(1)} ${fault.message}`;
}

export const Port = (fallback: number, description: string) =>
  Type.Integer({ minimum: 0, maximum: 65_535, default: fallback, description });
