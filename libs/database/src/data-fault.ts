/**
 * Class 22: a value that its column cannot hold (a number too large, a character that is none). Of class 23
 * only what depends on the value alone. 54000: a value larger than the server takes.
 */
const DATA_FAULT = /^(22...|23502|23514|54000)$/;

/** True where PostgreSQL refused a statement for a value in it: no further try mends that. */
export function isDataFault(error: unknown): error is Error {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' && DATA_FAULT.test(code);
}
