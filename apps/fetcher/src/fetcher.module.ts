import { Module, type DynamicModule } from '@nestjs/common';
import { OnRound2Requested } from './on-round2-requested.js';
import { OnUrlSubmitted } from './on-url-submitted.js';
import { ProviderDesk } from './provider-desk.js';

/** The wiring: messages 1 and 3 → the desk of one provider → messages 2 and 4. One of these per provider. */
@Module({})
export class FetcherModule {
  static of(desk: ProviderDesk): DynamicModule {
    return {
      module: FetcherModule,
      controllers: [OnUrlSubmitted, OnRound2Requested],
      providers: [{ provide: ProviderDesk, useValue: desk }],
    };
  }
}
