import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { Metric } from '@assay/contracts';
import { OnMessage, type MessageContext } from '@assay/messaging';
import { RowLanes } from './row-lanes.js';

/** Message 4: cells of round two. */
@Controller()
export class OnMetricRound2 {
  constructor(@Inject(RowLanes) private readonly rows: RowLanes) {}

  @OnMessage('metric.round2')
  handle(@Payload() message: Metric, @Ctx() context: MessageContext): Promise<void> {
    return this.rows.cells(message, context);
  }
}
