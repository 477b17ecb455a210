/** A command was given wrongly; the message says what to write instead. */
export class Mistake extends Error {
  override readonly name = 'Mistake';
}
