import { MAX_MESSAGE_BYTES, type MessageName } from '@assay/contracts';
import { GiveUp } from './message-context.js';

/** An outgoing message that does not match its contract: no try would send it. */
export class ContractBroken extends GiveUp {
  constructor(message: MessageName, faults: readonly string[]) {
    super('contract', `${message} does not match its contract: ${faults.join('; ')}`);
    this.name = 'ContractBroken';
  }
}

/** An outgoing message that is larger than any may be. */
export class MessageTooLarge extends RangeError {
  constructor(message: MessageName, bytes: number) {
    super(`${message} of ${bytes} bytes is larger than ${MAX_MESSAGE_BYTES}: cut it with chunkByBytes`);
    this.name = 'MessageTooLarge';
  }
}
