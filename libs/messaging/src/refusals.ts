import { MAX_MESSAGE_BYTES, type MessageName } from '@assay/contracts';
import { GiveUp } from './message-context.js';

/** An outgoing message that does not match its contract: no try would send it. */
export class ContractBroken extends GiveUp {
  constructor(message: MessageName, faults: readonly string[]) {
    super('contract', `${message} does not match its contract: ${faults.join('; ')}`);
    this.name = 'ContractBroken';
  }
}

/** The database cannot hold a value of this message: no try would store it. */
export class Unstorable extends GiveUp {
  constructor(cause: Error) {
    super('unstorable', cause.message);
    this.name = 'Unstorable';
  }
}

/** An outgoing message that is larger than any may be. */
export class MessageTooLarge extends RangeError {
  constructor(message: MessageName, bytes: number) {
    super(`${message} of ${bytes} bytes is larger than ${MAX_MESSAGE_BYTES}: cut it with chunkByBytes`);
    this.name = 'MessageTooLarge';
  }
}

export type GivenUp = GiveUp | MessageTooLarge;

/** True for an error that no further try mends, since it is the fault of the message. */
export function isGivenUp(error: unknown): error is GivenUp {
  return error instanceof GiveUp || error instanceof MessageTooLarge;
}

/** The code under which a message is buried for this error. */
export function codeOf(error: GivenUp): string {
  return error instanceof GiveUp ? error.code : 'too_large';
}
