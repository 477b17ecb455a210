import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { Metric } from '@assay/contracts';
import { OnMessage, type MessageContext } from '@assay/messaging';
import { RowLanes } from './row-lanes.js';

/** Message 2: cells of round one, with the facts that round two needs. */
@Controller()
export class OnMetricRound1 {
  constructor(@Inject(RowLanes) private readonly rows: RowLanes) {}

  @OnMessage('metric.round1')
  handle(@Payload() message: Metric, @Ctx() context: MessageContext): Promise<void> {
    return this.rows.cells(message, context);
  }
}
