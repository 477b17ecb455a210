import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { Round2Requested } from '@assay/contracts';
import { OnMessage, type MessageContext } from '@assay/messaging';
import { ProviderDesk } from './provider-desk.js';
import { questionsOfRound2 } from './questions-of.js';

/** Message 3: rows with the asks now askable. Those of this provider become cells in `metric.round2`. */
@Controller()
export class OnRound2Requested {
  constructor(@Inject(ProviderDesk) private readonly desk: ProviderDesk) {}

  @OnMessage('round2.requested')
  handle(@Payload() message: Round2Requested, @Ctx() context: MessageContext): Promise<void> {
    return this.desk.answer(questionsOfRound2(message, this.desk.asks, context.lane), context);
  }
}
