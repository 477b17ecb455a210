import { Module, type DynamicModule } from '@nestjs/common';
import { OnRowJoined } from './on-row-joined.js';
import { OnUrlSubmitted } from './on-url-submitted.js';
import { StoreLanes } from './store-lanes.js';

/** The wiring: messages 1 and 5 → rows and counts in PostgreSQL. */
@Module({})
export class StoreModule {
  static of(rows: StoreLanes): DynamicModule {
    return {
      module: StoreModule,
      controllers: [OnUrlSubmitted, OnRowJoined],
      providers: [{ provide: StoreLanes, useValue: rows }],
    };
  }
}
