import type { IHeaders, KafkaMessage } from 'kafkajs';
import { sameJson } from './same-value.js';
import type { Attempt, RowCells } from './cells.js';

/** Times of a plan and the asks of a row, as they travel with messages. */
interface Plan {
  readonly submission: string;
  readonly asks: Readonly<Record<string, number>>;
  readonly round1At: number;
  readonly deadlineAt: number;
  readonly graceMs: number;
}

export interface SentCell extends Attempt {
  readonly ask: string;
  /** The value of the unit, or a digest of a long one. */
  readonly unit: string;
  /** A value too old to count, sent beside a try in vain. */
  readonly older?: Pick<Attempt, 'outcome' | 'answer' | 'at'>;
  /** Written after its row's deadline and grace: a reader may drop it. */
  readonly late: boolean;
  readonly place: string;
}

export interface SentRow {
  readonly version: number;
  readonly state: string;
  readonly cells: RowCells;
  /** The same version was said with other cells, too. */
  readonly twofold: boolean;
}

export interface SubmittedRow {
  readonly urls: ReadonlySet<string>;
  /** Highest gen that was dispatched. */
  readonly gen: number;
  /** Earliest close of round one. */
  readonly round1At: number;
}

export interface DeadLetter {
  /** `topic:partition:offset` of the message that died. */
  readonly origin: string;
  readonly place: string;
  readonly group: string;
  readonly code: string;
  readonly reason: string;
  readonly poisoned: boolean;
}

type Body = Readonly<Record<string, unknown>>;

/** What the topics say about one submission, and who gave up on what. */
export class TopicContents {
  readonly submitted = new Map<number, SubmittedRow>();
  readonly cells = new Map<number, SentCell[]>();
  readonly joined = new Map<number, SentRow>();
  readonly dead: DeadLetter[] = [];
  /** `topic:partition:offset` of all that somebody gave up on. */
  readonly givenUp = new Set<string>();
  /** Messages that are no JSON: somebody must have given up on them. */
  readonly broken: string[] = [];
  messages = 0;

  constructor(
    private readonly submission: string,
    /** `topic:partition:offset` of messages planted to die. */
    private readonly poison: ReadonlySet<string>,
    /** Old messages are gone: what is not there may have been. */
    readonly incomplete: boolean,
  ) {}

  /** Was this cell of the row asked about while the joiner may not have known what the page says? */
  pageUnknown(seq: number, { at }: Pick<Attempt, 'at'>): boolean {
    const pages = (this.cells.get(seq) ?? []).filter(({ ask }) => ask === 'page');
    return (
      pages.length === 0 ||
      pages.some(({ outcome }) => outcome !== 'ok') ||
      at >= (this.submitted.get(seq)?.round1At ?? 0)
    );
  }

  take(topic: string, partition: number, message: KafkaMessage): void {
    const place = `${topic}:${partition}:${message.offset}`;
    this.messages++;
    if (topic.endsWith('.dead')) return this.#takeDead(place, message);
    if (isPoisoned(message.headers) || this.poison.has(place)) return;
    const body = parsed(message.value);
    if (!body) return void this.broken.push(place);
    const at = Number(message.timestamp);
    if (topic.startsWith('url.submitted.')) this.#takeSubmitted(body);
    else if (topic.startsWith('metric.')) this.#takeCells(body, at, place);
    else if (topic.startsWith('row.joined.')) this.#takeJoined(body);
  }

  #takeDead(place: string, { headers }: KafkaMessage): void {
    const of = (name: string) => String(headers?.[`dead.${name}`] ?? '');
    const origin = `${of('topic')}:${of('partition')}:${of('offset')}`;
    const poisoned = isPoisoned(headers) || this.poison.has(origin);
    this.givenUp.add(origin);
    this.dead.push({ origin, place, poisoned, group: of('group'), code: of('code'), reason: of('reason') });
  }

  #takeSubmitted(body: Body): void {
    const plan = body['plan'] as Plan | undefined;
    if (plan?.submission !== this.submission) return;
    const seq = Number(body['seq']);
    const known = this.submitted.get(seq);
    this.submitted.set(seq, {
      urls: new Set([...(known?.urls ?? []), String(body['url'])]),
      gen: Math.max(known?.gen ?? 0, ...Object.values(plan.asks)),
      round1At: Math.min(known?.round1At ?? Infinity, plan.round1At),
    });
  }

  #takeCells(body: Body, at: number, place: string): void {
    const plans = (body['plans'] ?? []) as readonly Plan[];
    const sent = (body['cells'] ?? []) as readonly (SentCell & { plan: number; seq: number })[];
    for (const { plan, seq, ...cell } of sent) {
      const of = plans[plan];
      if (of?.submission !== this.submission) continue;
      const late = at > of.deadlineAt + of.graceMs;
      const known = this.cells.get(seq) ?? [];
      this.cells.set(seq, known);
      known.push({ ...cell, ask: String(body['ask']), late, place });
    }
  }

  #takeJoined(body: Body): void {
    const { plan, seq, version, state, cells } = body as unknown as SentRow & { plan?: Plan; seq: number };
    if (plan?.submission !== this.submission) return;
    const known = this.joined.get(seq);
    if (known && known.version > version) return;
    const twofold = known?.version === version && (known.twofold || !sameJson(known.cells, cells));
    this.joined.set(seq, { version, state, cells, twofold });
  }
}

/** Whoever plants a message that is to die marks it so; a dead letter keeps the headers of its message. */
function isPoisoned(headers: IHeaders | undefined): boolean {
  return headers?.['poison'] !== undefined;
}

function parsed(value: Buffer | null): Body | undefined {
  try {
    const body: unknown = JSON.parse(String(value));
    return typeof body === 'object' && body !== null ? (body as Body) : undefined;
  } catch {
    return undefined;
  }
}
