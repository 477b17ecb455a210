import type { Lane, MessageName } from '@assay/contracts';
import { RpcException } from '@nestjs/microservices';

/** Where a message came from; the second argument of a handler, given by `@Ctx()`. */
export interface MessageContext {
  /** Consumer group that reads it: tells apart several strategies that share their handlers. */
  readonly group: string;
  readonly message: MessageName;
  readonly lane: Lane;
  readonly partition: number;
  readonly offset: string;
  /** Kafka's, in milliseconds since 1970. */
  readonly timestamp: number;
  /** False once this message's partition went away: whoever has it now reads the message again. */
  held(): boolean;
}

/**
 * Thrown by a handler that can never handle this message: it goes to the dead letters under `code`,
 * and the flow goes on. Any other error counts as a failure of the surroundings and is tried again.
 */
export class GiveUp extends RpcException {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'GiveUp';
  }

  /** Nest's filter passes on what this returns: the error itself, so that the code arrives. */
  override getError(): this {
    return this;
  }
}
