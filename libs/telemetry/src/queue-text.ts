import type { QueueReading } from './queue-gauges.js';

/** What one process says of its queues. */
export interface ServiceQueues {
  readonly service: string;
  readonly queues: readonly QueueReading[];
}

export const QUEUE_TEXT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
const FILL = 'What a queue in memory holds: entries, or bytes where its name ends so.';
const BOUND = 'What a queue in memory may hold, in the unit of its fill.';

/** `assay_queue_fill` and `assay_queue_bound` as text of Prometheus (0.0.4); one series a service, queue and lane. */
export function queueText(services: readonly ServiceQueues[]): string {
  const sums = summed(services);
  return series('assay_queue_fill', FILL, sums, ({ fill }) => fill).concat(
    series('assay_queue_bound', BOUND, sums, ({ bound }) => bound),
  );
}

/** Processes of one service are added up. */
function summed(services: readonly ServiceQueues[]): Map<string, QueueReading> {
  const sums = new Map<string, QueueReading>();
  for (const { service, queues } of services)
    for (const { queue, lane, fill, bound } of queues) {
      const labels = `{service="${escaped(service)}",queue="${escaped(queue)}",lane="${escaped(lane)}"}`;
      const before = sums.get(labels) ?? { fill: 0, bound: 0 };
      sums.set(labels, { queue, lane, fill: before.fill + fill, bound: before.bound + bound });
    }
  return sums;
}

function series(
  name: string,
  help: string,
  sums: ReadonlyMap<string, QueueReading>,
  valueOf: (reading: QueueReading) => number,
): string {
  const lines = [...sums].map(([labels, reading]) => `${name}${labels} ${valueOf(reading)}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('')}`;
}

function escaped(label: string): string {
  return label.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
