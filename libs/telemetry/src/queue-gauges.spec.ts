import { QueueGauges } from './queue-gauges.js';
import { queueText } from './queue-text.js';

test('queues are read when asked, those of one name and lane are added up, and end', () => {
  const gauges = new QueueGauges();
  let waiting = 3;
  const end = gauges.add('reader.waiting', 10, () => waiting, 'bulk');
  gauges.add('reader.waiting', 10, () => 1, 'bulk');
  gauges.add('reader.waiting', 5, () => 2, 'express');
  gauges.add('cache', 7, () => 0);
  waiting = 4;
  expect(gauges.read()).toEqual([
    { queue: 'cache', lane: '', fill: 0, bound: 7 },
    { queue: 'reader.waiting', lane: 'bulk', fill: 5, bound: 20 },
    { queue: 'reader.waiting', lane: 'express', fill: 2, bound: 5 },
  ]);
  end();
  expect(gauges.read()[1]).toEqual({ queue: 'reader.waiting', lane: 'bulk', fill: 1, bound: 10 });
});

test('the text has one series a service, queue and lane, whatever stands in a name', () => {
  const queues = [{ queue: 'a"b\n', lane: 'bulk', fill: 1, bound: 4 }];
  const text = queueText([
    { service: 'store', queues },
    { service: 'store', queues },
    { service: 'joiner', queues },
  ]);
  expect(text.split('\n').filter((line) => line.includes('{'))).toEqual([
    'assay_queue_fill{service="store",queue="a\\"b\\n",lane="bulk"} 2',
    'assay_queue_fill{service="joiner",queue="a\\"b\\n",lane="bulk"} 1',
    'assay_queue_bound{service="store",queue="a\\"b\\n",lane="bulk"} 8',
    'assay_queue_bound{service="joiner",queue="a\\"b\\n",lane="bulk"} 4',
  ]);
  expect(text.match(/^# TYPE .*$/gm)).toHaveLength(2);
  expect(text.endsWith('\n')).toBe(true);
});
