import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { UrlSubmitted } from '@assay/contracts';
import { OnMessage, type MessageContext } from '@assay/messaging';
import { RowLanes } from './row-lanes.js';

/** Message 1: a row begins. See `join-row.ts` for what follows from it. */
@Controller()
export class OnUrlSubmitted {
  constructor(@Inject(RowLanes) private readonly rows: RowLanes) {}

  @OnMessage('url.submitted')
  handle(@Payload() message: UrlSubmitted, @Ctx() context: MessageContext): Promise<void> {
    return this.rows.submitted(message, context);
  }
}
