import type { Lane, MessageName, MessageOf } from '@assay/contracts';
import type { Logger } from '@assay/telemetry';
import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import type { MessageContext } from './message-context.js';
import type { Publisher } from './publisher.js';
import { WindowedConsumer, type Surroundings } from './windowed-consumer.js';

export interface StrategySettings {
  /** Host and port of one or more brokers, comma-separated. */
  readonly brokers: string;
  /** Consumer group. */
  readonly group: string;
  readonly messages: readonly MessageName[];
  /** Messages in flight per lane. */
  readonly window: Readonly<Record<Lane, number>>;
  /** A killed member's partitions stand still for this long. */
  readonly sessionTimeoutMs: number;
  /** False skips a message by its `asks` header, before it is parsed. A message without one is wanted. */
  readonly wants?: (asks: readonly string[]) => boolean;
  /** Writes the dead letters. Close it after the strategy was stopped. */
  readonly publisher: Publisher;
  readonly logger: Logger;
  /** While a part of it is away, messages are tried without end, and silence is none of ours. Default: never away. */
  readonly health?: Surroundings;
  /** Called once, when this consumer can not go on. Default: log and exit 1. */
  readonly onFatal?: (error: unknown) => void;
}

/**
 * Nest transport over Kafka. Handlers are `@EventPattern('url.submitted')` methods, called once per
 * message, many at a time. Their promise resolves when all effects of the message are done: only then
 * may its offset be committed. A message may arrive more than once.
 */
export class WindowedKafkaStrategy extends Server implements CustomTransportStrategy {
  /** Nest hands a handler's failure on to us and does not only log it. */
  override readonly propagatesEventHandlerErrors = true;
  readonly #consumer: WindowedConsumer;
  readonly #handlers = new Map<MessageName, MessageHandler>();
  readonly #onAssigned: ((partitions: readonly number[]) => void)[] = [];

  constructor(readonly settings: StrategySettings) {
    super();
    this.#consumer = new WindowedConsumer({
      ...settings,
      handle: (value, context) => this.#handle(value, context),
      onFatal: settings.onFatal ?? ((error) => this.#exit(error)),
      onAssigned: (partitions) => {
        for (const callback of this.#onAssigned) callback(partitions);
      },
    });
  }

  /** Calls back when this member has joined its group, or with the error that keeps it from starting. */
  listen(callback: (error?: unknown) => void): void {
    this.#start().then(() => callback(), callback);
  }

  /** Drains: takes no more, waits up to 6 s for what is in flight, commits, leaves the group. */
  stop(): Promise<void> {
    return this.#consumer.stop();
  }

  /** What Nest calls when the application closes. */
  close(): Promise<void> {
    return this.stop();
  }

  /** Partitions owned now, in rising order; the same for every topic of both lanes. */
  assigned(): readonly number[] {
    return this.#consumer.partitions();
  }

  /**
   * The next offset after all that is fully handled. For a partition where nothing was read yet, the
   * offset that reading starts from. Undefined where it is not owned, or just assigned and not known.
   */
  processed(message: MessageName, lane: Lane, partition: number): bigint | undefined {
    const offset = this.#consumer.book(message, lane, partition)?.processed;
    return offset === undefined ? undefined : BigInt(offset);
  }

  /** High watermarks now, by partition: the offset that the next message gets. */
  endOffsets(message: MessageName, lane: Lane): Promise<Map<number, bigint>> {
    return this.#consumer.endOffsets(message, lane);
  }

  /** Called with the partitions owned after each assignment. */
  onAssigned(callback: (partitions: readonly number[]) => void): void {
    this.#onAssigned.push(callback);
  }

  /**
   * Until when this member has rights if the broker hears nothing more of it: by its own clock, in ms since 1970. Later
   * than that others may have its partitions, whether it knows of it or not (a process that was stopped and goes on).
   */
  rightsUntil(): number {
    return this.#consumer.rightsUntil();
  }

  /** Messages of a lane whose handlers run now. */
  inFlight(lane: Lane): number {
    return this.#consumer.inFlight(lane);
  }

  on(): never {
    throw new Error('this transport has no events: see onAssigned and onFatal');
  }

  unwrap<T>(): T {
    return this.#consumer as T;
  }

  async #start(): Promise<void> {
    for (const message of this.settings.messages) {
      const handler = this.getHandlerByPattern(message);
      if (!handler) throw new Error(`${this.settings.group} reads ${message} but nothing handles it`);
      this.#handlers.set(message, handler);
    }
    await this.#consumer.start();
  }

  async #handle(value: MessageOf<MessageName>, context: MessageContext): Promise<void> {
    const result: unknown = await this.#handlers.get(context.message)!(value, context);
    // Nest answers with an observable where a handler failed or several are attached.
    if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
  }

  #exit(error: unknown): void {
    this.settings.logger.fatal({ err: error, group: this.settings.group }, 'the consumer can not go on');
    process.exit(1);
  }
}
