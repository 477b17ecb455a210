import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { UrlSubmitted } from '@assay/contracts';
import { OnMessage, type MessageContext } from '@assay/messaging';
import { StoreLanes } from './store-lanes.js';

/** Message 1: the row becomes visible as waiting. */
@Controller()
export class OnUrlSubmitted {
  constructor(@Inject(StoreLanes) private readonly rows: StoreLanes) {}

  @OnMessage('url.submitted')
  handle(@Payload() message: UrlSubmitted, @Ctx() context: MessageContext): Promise<void> {
    return this.rows.submitted(message, context);
  }
}
