/** A fault as the validator tells it. */
export interface SchemaFault {
  readonly keyword: string;
  /** Where in the schema the broken rule stands: `#/properties/plan`. */
  readonly schemaPath: string;
  readonly instancePath: string;
  readonly params: unknown;
  readonly message: string;
}

interface Params {
  readonly type?: string | readonly string[];
  readonly allowedValue?: unknown;
  readonly allowedValues?: readonly unknown[];
  readonly additionalProperties?: readonly string[];
}

const TYPES: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a text',
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
};

/** `path: what must hold`, each with what is allowed. The validator's own words where they are plain already. */
export function faultWords(schema: object, faults: readonly SchemaFault[]): string[] {
  // An unknown name is told by its object too, and there all of them at once.
  const told = faults.filter(({ keyword }) => keyword !== 'boolean');
  return told.map((fault) => `${fault.instancePath || '/'}: ${wordsOf(schema, fault)}`);
}

function wordsOf(schema: object, { keyword, schemaPath, params, message }: SchemaFault): string {
  const { type, allowedValue, allowedValues = [], additionalProperties = [] } = params as Params;
  if (keyword === 'const') return `must be ${JSON.stringify(allowedValue)}`;
  if (keyword === 'enum') return `must be one of ${allowedValues.join(', ')}`;
  if (keyword === 'type') return `must be ${TYPES[String(type)] ?? String(type)}`;
  if (keyword !== 'additionalProperties') return message;
  const unknown = additionalProperties.map((name) => `"${name.slice(0, 64)}"`).join(', ');
  return `there is no ${unknown}. Known: ${namesAt(schema, schemaPath).join(', ')}`;
}

function namesAt(schema: object, path: string): string[] {
  let found: unknown = schema;
  for (const name of path.split('/').slice(1)) found = (found as Record<string, unknown> | undefined)?.[name];
  return Object.keys((found as { properties?: object } | undefined)?.properties ?? {});
}
