import type { Pulse } from '@assay/database';
import { Gauge, type Registry } from 'prom-client';

/** Two of how every process is; of several processes of one service the worse. */
export class ServiceGauges {
  private readonly lag: Gauge;
  private readonly flush: Gauge;

  constructor(registry: Registry) {
    const common = { labelNames: ['service'], registers: [registry] };
    this.lag = new Gauge({
      ...common,
      name: 'assay_event_loop_lag_seconds',
      help: 'How late timers fired within the last second, 99th percentile, in seconds.',
    });
    this.flush = new Gauge({
      ...common,
      name: 'assay_express_flush_seconds',
      help: 'Seconds of the slowest way of an express row through a flush of joiner or store, in the last second; no series where none came.',
    });
  }

  set(pulses: readonly Pulse[]): void {
    this.lag.reset();
    this.flush.reset();
    for (const service of new Set(pulses.map((pulse) => pulse.service))) {
      const own = pulses.filter((pulse) => pulse.service === service);
      this.lag.set({ service }, Math.max(...own.map(({ loopLagMs }) => loopLagMs)) / 1_000);
      const flushes = own.flatMap(({ expressFlushMs }) => expressFlushMs ?? []);
      if (flushes.length > 0) this.flush.set({ service }, Math.max(...flushes) / 1_000);
    }
  }
}
