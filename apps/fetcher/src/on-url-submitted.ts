import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { UrlSubmitted } from '@assay/contracts';
import { OnMessage, type MessageContext } from '@assay/messaging';
import { ProviderDesk } from './provider-desk.js';
import { questionsOfRow } from './questions-of.js';

/** Message 1: a row. Its round-one asks of this provider become cells in `metric.round1`. */
@Controller()
export class OnUrlSubmitted {
  constructor(@Inject(ProviderDesk) private readonly desk: ProviderDesk) {}

  @OnMessage('url.submitted')
  handle(@Payload() message: UrlSubmitted, @Ctx() context: MessageContext): Promise<void> {
    return this.desk.answer(questionsOfRow(message, this.desk.asks, context.lane), context);
  }
}
