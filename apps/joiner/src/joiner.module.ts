import { Module, type DynamicModule } from '@nestjs/common';
import { OnMetricRound1 } from './on-metric-round1.js';
import { OnMetricRound2 } from './on-metric-round2.js';
import { OnUrlSubmitted } from './on-url-submitted.js';
import { RowLanes } from './row-lanes.js';

/** The wiring: messages 1, 2 and 4 → rows in flight → messages 3 and 5. */
@Module({})
export class JoinerModule {
  static of(rows: RowLanes): DynamicModule {
    return {
      module: JoinerModule,
      controllers: [OnUrlSubmitted, OnMetricRound1, OnMetricRound2],
      providers: [{ provide: RowLanes, useValue: rows }],
    };
  }
}
