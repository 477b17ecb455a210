import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { RowJoined } from '@assay/contracts';
import { OnMessage, type MessageContext } from '@assay/messaging';
import { StoreLanes } from './store-lanes.js';

/** Message 5: a newer version of a row. See `write-row.ts` for what is written. */
@Controller()
export class OnRowJoined {
  constructor(@Inject(StoreLanes) private readonly rows: StoreLanes) {}

  @OnMessage('row.joined')
  handle(@Payload() message: RowJoined, @Ctx() context: MessageContext): Promise<void> {
    return this.rows.joined(message, context);
  }
}
