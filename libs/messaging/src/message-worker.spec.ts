import { createLogger } from '@assay/telemetry';
import { DEAD_HEADERS, type DeadLetter } from './dead-letter.js';
import { GiveUp, type MessageContext } from './message-context.js';
import { MessageWorker, type Handle, type WorkerSettings } from './message-worker.js';
import { plan } from './messaging.fixture.js';
import { OffsetBook } from './offset-book.js';
import type { Received } from './received.js';
import { MessageTooLarge } from './refusals.js';
import { MAX_TRIES } from './retry-delay.js';

function setUp(handle: Handle, overrides: Partial<WorkerSettings> = {}) {
  const letters: DeadLetter[] = [];
  const fatal: unknown[] = [];
  const worker = new MessageWorker({
    group: 'g',
    logger: createLogger('test', 'silent'),
    handle,
    bury: async (letter) => void letters.push(letter),
    delay: () => 0,
    holds: () => true,
    away: () => false,
    onExhausted: (error) => fatal.push(error),
    ...overrides,
  });
  return { worker, letters, fatal };
}

function received(value: Buffer | null = Buffer.from(JSON.stringify(submitted))): Received {
  const book = new OffsetBook();
  book.begin(7);
  const raw = { topic: 'url.submitted.bulk', partition: 1, offset: '7', timestamp: '9', value };
  return { message: 'url.submitted', lane: 'bulk', raw, offset: 7, book, bytes: 1 };
}
const submitted = { v: 1, plan, seq: 1, url: 'http://a.test/', host: 'a.test', domain: 'a.test' };

test('a message is done when its handler is, and the handler knows where it comes from', async () => {
  const contexts: MessageContext[] = [];
  let holds = true;
  const { worker } = setUp(async (_, context) => void contexts.push(context), { holds: () => holds });
  const one = received();
  await worker.work(one);
  expect(one.book.processed).toBe(8);
  const place = {
    message: 'url.submitted',
    lane: 'bulk',
    partition: 1,
    offset: '7',
    timestamp: 9,
  };
  expect(contexts).toMatchObject([{ group: 'g', ...place }]);
  expect(contexts[0]!.held()).toBe(true);
  holds = false;
  expect(contexts[0]!.held()).toBe(false);
});

test.each([
  ['GiveUp', new GiveUp('no_plan', 'gone'), 'no_plan'],
  ['an outgoing message that is too large', new MessageTooLarge('row.joined', 1e6), 'too_large'],
])('%s is buried at the first try and the flow goes on', async (_, error, code) => {
  const { worker, letters, fatal } = setUp(() => Promise.reject(error));
  const one = received();
  await worker.work(one);
  expect(letters.map(({ headers }) => headers[DEAD_HEADERS.code])).toEqual([code]);
  expect(one.book.processed).toBe(8);
  expect(fatal).toEqual([]);
});

test('other errors are tried again so often, then the consumer is told, and nothing is committed', async () => {
  let tries = 0;
  const error = new RangeError('of the surroundings');
  const { worker, fatal, letters } = setUp(() => Promise.reject((tries++, error)));
  const one = received();
  await worker.work(one);
  expect(tries).toBe(MAX_TRIES);
  expect(fatal).toEqual([error]);
  expect(letters).toEqual([]);
  expect(one.book.processed).toBe(7);
});

test('a dead letter that cannot be written is tried again and does not count as done', async () => {
  let tries = 0;
  const bury = () => (++tries < 3 ? Promise.reject(new Error('no broker')) : Promise.resolve());
  const { worker } = setUp(() => Promise.resolve(), { bury });
  const one = received(null);
  await worker.work(one);
  expect(tries).toBe(3);
  expect(one.book.processed).toBe(8);
});

test('stop ends the wait between tries and leaves the message for another time', async () => {
  const { worker, fatal } = setUp(() => Promise.reject(new Error('down')), { delay: () => 60_000 });
  const one = received();
  const working = worker.work(one);
  await new Promise((resolve) => setImmediate(resolve));
  worker.stop();
  await working;
  expect(fatal).toEqual([]);
  expect(one.book.processed).toBe(7);
});

test('while a part is away no try counts; those that fail later do', async () => {
  let tries = 0;
  const { worker, fatal } = setUp(() => Promise.reject((tries++, new Error('down'))), {
    away: () => tries <= 20,
  });
  await worker.work(received());
  expect(tries).toBe(20 + MAX_TRIES);
  expect(fatal).toHaveLength(1);
});

test('what is back is tried at once, however long the wait would have been', async () => {
  let down = true;
  let tries = 0;
  const delays: number[] = [];
  const { worker } = setUp(() => (tries++, down ? Promise.reject(new Error('down')) : Promise.resolve()), {
    delay: (failed) => (delays.push(failed), delays.length === 1 ? 60_000 : 3),
  });
  const one = received();
  const working = worker.work(one);
  await new Promise((resolve) => setImmediate(resolve));
  down = false;
  worker.tryNow();
  await working;
  expect(tries).toBe(2);
  expect(one.book.processed).toBe(8);
});

test('a message whose partition went away is left to its new owner', async () => {
  let tries = 0;
  const handle = () => Promise.reject((tries++, new Error('down')));
  const { worker, fatal } = setUp(handle, { holds: () => tries < 2 });
  await worker.work(received());
  expect(tries).toBe(2);
  expect(fatal).toEqual([]);
});
