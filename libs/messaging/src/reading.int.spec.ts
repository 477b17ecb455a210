import 'reflect-metadata';
import { topicOf, type UrlSubmitted } from '@assay/contracts';
import { eventually } from '@assay/testing';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { Kafka, type Consumer, type EachMessagePayload } from 'kafkajs';
import { DEAD_HEADERS, GiveUp, OnMessage, type MessageContext } from './index.js';
import { Fixture, gate, row, sorted, type Handler } from './messaging.fixture.js';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await Fixture.start();
});
afterEach(() => fixture.stopReaders());
afterAll(() => fixture?.stop());

test('a quiet run hands over every message exactly once, and a second group all of them again', async () => {
  const seqs = [...(await fixture.publishRows(3_000)), ...(await fixture.publishRows(50, 'express'))];
  const seen: Record<string, number[]> = { one: [], two: [] };
  const note: Handler = async ({ seq }, { group }) => void seen[group]!.push(seq);
  await Promise.all([fixture.read(note, { group: 'one' }), fixture.read(note, { group: 'two' })]);
  await eventually(
    () => seen,
    ({ one, two }) => one!.length >= seqs.length && two!.length >= seqs.length,
  );
  expect(sorted(seen['one']!)).toEqual(seqs);
  expect(sorted(seen['two']!)).toEqual(seqs);
});

test('a full bulk window is never exceeded and does not hold up express', async () => {
  const { opened, open } = gate();
  const seqs = await fixture.publishRows(9_000);
  const done = new Set<number>();
  let most = 0;
  const strategy = await fixture.read(
    async ({ seq }, { lane }) => {
      most = Math.max(most, strategy.inFlight('bulk'));
      if (lane === 'bulk') await opened;
      done.add(seq);
    },
    { window: { express: 10, bulk: 20 } },
  );
  await eventually(
    () => strategy.inFlight('bulk'),
    (inFlight) => inFlight === 20,
  );
  const express = await fixture.publishRows(40, 'express');
  await eventually(
    () => done,
    () => express.every((seq) => done.has(seq)),
    3_000,
  );
  open();
  await eventually(
    () => done,
    () => seqs.every((seq) => done.has(seq)),
  );
  expect(most).toBe(20);
});

test('a slow message stops neither other partitions nor its own, and holds the low watermark', async () => {
  const { opened, open } = gate();
  const [slow, ...others] = await fixture.publishRows(60);
  const done = new Set<number>();
  let held: MessageContext | undefined;
  const strategy = await fixture.read(async ({ seq }, context) => {
    if (seq === slow) {
      held = context;
      await opened;
    }
    done.add(seq);
  });
  await eventually(
    () => done,
    () => others.every((seq) => done.has(seq)),
  );
  const { partition, offset } = held!;
  expect(strategy.processed('url.submitted', 'bulk', partition)).toBe(BigInt(offset));
  open();
  await fixture.allProcessed(strategy, 'bulk');
});

test('knows how far an empty partition is processed', async () => {
  const strategy = await fixture.read(async () => {}, { messages: ['metric.round2'] });
  expect(strategy.assigned()).toEqual([0, 1, 2, 3, 4, 5]);
  const ends = await strategy.endOffsets('metric.round2', 'express');
  expect(ends).toEqual(new Map([0, 1, 2, 3, 4, 5].map((partition) => [partition, 0n])));
  for (const partition of strategy.assigned())
    await eventually(
      () => strategy.processed('metric.round2', 'express', partition),
      (processed) => processed === 0n,
    );
  expect(strategy.processed('metric.round2', 'express', 99)).toBeUndefined();
});

describe('dead letters', () => {
  const letters: EachMessagePayload[] = [];
  let raw: Kafka;
  let consumer: Consumer;

  beforeAll(async () => {
    raw = new Kafka({ brokers: [fixture.brokers], logLevel: 0 });
    consumer = raw.consumer({ groupId: 'letters', maxWaitTimeInMs: 100 });
    await consumer.connect();
    await consumer.subscribe({ topic: 'url.submitted.dead', fromBeginning: true });
    await consumer.run({ eachMessage: async (letter) => void letters.push(letter) });
  });
  afterAll(() => consumer.disconnect());

  const is = ({ message }: EachMessagePayload, name: keyof typeof DEAD_HEADERS, value: string) =>
    String(message.headers![DEAD_HEADERS[name]]) === value;
  const letterOf = (group: string, code: string) =>
    eventually(
      () => letters.find((letter) => is(letter, 'group', group) && is(letter, 'code', code)),
      (letter) => letter !== undefined,
    ).then((letter) => letter!);

  test('what cannot be read goes there as it was, and the flow goes on', async () => {
    const value = Buffer.from([123, 0, 255]);
    const producer = raw.producer();
    await producer.connect();
    const topic = topicOf('url.submitted', 'express');
    const headers = { v: '1', own: Buffer.from([1, 2]) };
    const [sent] = await producer.send({ topic, messages: [{ partition: 2, value, headers }] });
    await producer.disconnect();
    const seen = new Set<number>();
    const strategy = await fixture.read(async ({ seq }) => void seen.add(seq), { group: 'reader' });
    const after = await fixture.publishRows(6, 'express');
    await eventually(
      () => seen,
      () => after.every((seq) => seen.has(seq)),
    );
    const { message, partition } = await letterOf('reader', 'not_json');
    expect(partition).toBe(2);
    expect(message.value).toEqual(value);
    expect(message.headers!['own']).toEqual(Buffer.from([1, 2]));
    const text = Object.fromEntries(
      Object.entries(message.headers!).map(([name, bytes]) => [name, String(bytes)]),
    );
    expect(text).toMatchObject({
      v: '1',
      [DEAD_HEADERS.code]: 'not_json',
      [DEAD_HEADERS.topic]: topic,
      [DEAD_HEADERS.partition]: '2',
      [DEAD_HEADERS.offset]: sent!.baseOffset,
      [DEAD_HEADERS.attempts]: '1',
    });
    expect(text[DEAD_HEADERS.reason]).toMatch(/JSON/);
    await fixture.allProcessed(strategy, 'express');
  });

  test('what a handler gives up on goes there under its code', async () => {
    const [hopeless] = await fixture.publishRows(1, 'express');
    await fixture.read(
      async ({ seq }) => {
        if (seq === hopeless) throw new GiveUp('no_such_plan', 'the plan is gone');
      },
      { group: 'quitter' },
    );
    const { message } = await letterOf('quitter', 'no_such_plan');
    expect(JSON.parse(String(message.value))).toEqual(row(hopeless!));
    expect(String(message.headers![DEAD_HEADERS.code])).toBe('no_such_plan');
    expect(String(message.headers![DEAD_HEADERS.reason])).toBe('the plan is gone');
  });
});

test('a message that fails is tried again, while all others go on', async () => {
  const [bad, ...others] = await fixture.publishRows(12);
  const tries = new Map<number, number>();
  await fixture.read(async ({ seq }) => {
    tries.set(seq, (tries.get(seq) ?? 0) + 1);
    if (seq === bad && tries.get(seq)! < 2) throw new SyntaxError('as kafkajs must never see it');
  });
  await eventually(
    () => tries,
    () => others.every((seq) => tries.has(seq)),
  );
  await eventually(
    () => tries.get(bad!),
    (count) => count === 2,
  );
  for (const seq of others) expect(tries.get(seq)).toBe(1);
});

test('messages about foreign asks are skipped unread and count as processed', async () => {
  const foreign = await fixture.publishRows(30, 'express', ['moz.url']);
  foreign.push(...(await fixture.publishRows(30, 'express', [])));
  const mine = await fixture.publishRows(30, 'express', ['moz.url', 'dns']);
  const seen = new Set<number>();
  const strategy = await fixture.read(async ({ seq }) => void seen.add(seq), {
    wants: (asks) => asks.includes('dns'),
  });
  await eventually(
    () => seen,
    () => mine.every((seq) => seen.has(seq)),
  );
  expect(foreign.filter((seq) => seen.has(seq))).toEqual([]);
  await fixture.allProcessed(strategy, 'express');
});

test.each([
  ['EventPattern', (name: 'url.submitted') => EventPattern(name) as MethodDecorator],
  ['OnMessage', OnMessage],
])('Nest calls handlers under @%s, and their errors come through', async (name, Decorator) => {
  const seen = new Map<number, MessageContext>();
  const [fails, gives] = await fixture.publishRows(2, 'express');
  let failed = 0;

  @Controller()
  class Reader {
    @Decorator('url.submitted')
    async onUrlSubmitted(@Payload() value: UrlSubmitted, @Ctx() context: MessageContext): Promise<void> {
      if (value.seq === gives) throw new GiveUp('by_nest', 'not mine');
      if (value.seq === fails && ++failed === 1) throw new TypeError('the first time');
      seen.set(value.seq, context);
    }
  }
  @Module({ controllers: [Reader] })
  class App {}

  const strategy = fixture.strategy({ group: `nest-${name}` });
  const app = await NestFactory.createMicroservice(App, { strategy, logger: false });
  await app.listen();
  const after = await fixture.publishRows(1, 'express');
  await eventually(
    () => seen,
    () => seen.has(after[0]!) && seen.has(fails!),
  );
  expect(seen.get(after[0]!)).toMatchObject({
    group: `nest-${name}`,
    message: 'url.submitted',
    lane: 'express',
  });
  expect(Math.abs(seen.get(after[0]!)!.timestamp - Date.now())).toBeLessThan(60_000);
  expect(seen.has(gives!)).toBe(false);
  expect(failed).toBe(2);
  await fixture.allProcessed(strategy, 'express');
  await app.close();
});
