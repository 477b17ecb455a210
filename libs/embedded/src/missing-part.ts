/** Something this machine lacks. The message is one sentence that names the remedy. */
export class MissingPartError extends Error {
  override readonly name = 'MissingPartError';
}
