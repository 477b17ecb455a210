import type { Database } from '@assay/database';
import { sendsNothing, type PlannedAsk } from '@assay/providers';
import { KeySizes, type KeySize } from './key-sizes.js';
import { FreshSurfaces } from './fresh-surfaces.js';
import { countSql, groupsSql, ODD_HOSTS, type SubmittedKind } from './units-sql.js';

type Client = Parameters<Parameters<Database['transaction']>[0]>[0];

/** What a list holds of one ask's units. units = fresh + unsupported + those of `keys`. */
export interface UnitSurvey {
  /** Distinct. */
  readonly units: number;
  /** Answered already, freshly enough. */
  readonly fresh: number;
  /** The provider takes no such unit: it is never asked. */
  readonly unsupported: number;
  /** Of what is to be asked, by limit key. */
  readonly keys: readonly KeySize[];
}

export interface SurveyScope {
  readonly submission: string;
  readonly rows: number;
  /** Oldest answer that will do, in ms before now; null: its time to live alone decides. */
  readonly maxAgeMs: number | null;
  /** ms since 1970. */
  readonly now: number;
}

const GROUPS_AT_ONCE = 5_000;
/** What tells whether limits go by parts of the unit: two of each kind that differ in all of them. */
const PROBES: Readonly<Record<SubmittedKind, readonly [string, string]>> = {
  url: ['https://a.example/', 'https://b.test/x'],
  origin: ['https://a.example', 'https://b.test'],
  host: ['a.example', 'b.test'],
  domain: ['a.example', 'b.test'],
};

/** Looks through the spool of one submission, inside one transaction, at flat memory. */
export class UnitSurveyor {
  readonly #times: [Date, Date];
  readonly #fresh: FreshSurfaces;
  /** Without look-up a kind has the same counts for every surface. */
  readonly #counts = new Map<SubmittedKind, Promise<Record<string, number>>>();

  constructor(
    private readonly client: Client,
    private readonly scope: SurveyScope,
  ) {
    const { now, maxAgeMs } = scope;
    this.#times = [new Date(now), new Date(maxAgeMs === null ? 0 : now - maxAgeMs)];
    this.#fresh = new FreshSurfaces(client, this.#times, scope.rows);
  }

  async survey(ask: PlannedAsk): Promise<UnitSurvey> {
    const kind = ask.unit as SubmittedKind;
    const [key, other] = PROBES[kind].map((unit) => limitKeyOf(ask, unit));
    return key !== undefined && key === other ? this.#count(ask, kind, key) : this.#group(ask, kind);
  }

  /** All units go by one limit key. */
  async #count(ask: PlannedAsk, kind: SubmittedKind, key: string): Promise<UnitSurvey> {
    const found = await this.#counted(ask, kind);
    const { units = 0, fresh = 0 } = found;
    let unsupported = 0;
    for (const { name, sample } of ODD_HOSTS) {
      const odd = found[name] ?? 0;
      if (odd > 0 && sendsNothing(ask.provider, [{ surface: ask.surface, unit: sample }])) unsupported += odd;
    }
    const toAsk = units - fresh - unsupported;
    return { units, fresh, unsupported, keys: toAsk > 0 ? [{ units: toAsk, keys: 1, name: key }] : [] };
  }

  async #counted(ask: PlannedAsk, kind: SubmittedKind): Promise<Record<string, number>> {
    if (await this.#fresh.has(prefixOf(ask))) return this.#read(countSql(kind, true), this.#values(ask));
    let counts = this.#counts.get(kind);
    if (!counts) {
      counts = this.#read(countSql(kind, false), [this.scope.submission]);
      this.#counts.set(kind, counts);
    }
    return counts;
  }

  async #read(text: string, values: unknown[]): Promise<Record<string, number>> {
    const { rows } = await this.client.query<Record<string, string>>({ text, values });
    return Object.fromEntries(Object.entries(rows[0]!).map(([name, n]) => [name, Number(n)]));
  }

  /** Each limit key has its own units: they pass by in groups. */
  async #group(ask: PlannedAsk, kind: SubmittedKind): Promise<UnitSurvey> {
    const sizes = new KeySizes();
    const sum = { units: 0, fresh: 0, unsupported: 0 };
    const isName = kind === 'host' || kind === 'domain';
    for await (const { unit, units, fresh } of this.#groups(ask, kind)) {
      sum.units += units;
      sum.fresh += fresh;
      if (units === fresh) continue;
      const key = limitKeyOf(ask, unit);
      const asked =
        key !== undefined && !(isName && sendsNothing(ask.provider, [{ surface: ask.surface, unit }]));
      if (asked) sizes.add(key, units - fresh);
      else sum.unsupported += units - fresh;
    }
    return { ...sum, keys: sizes.sizes() };
  }

  async *#groups(ask: PlannedAsk, kind: SubmittedKind) {
    const lookUp = await this.#fresh.has(prefixOf(ask));
    const values = lookUp ? this.#values(ask) : [this.scope.submission];
    await this.client.query({
      text: `DECLARE groups NO SCROLL CURSOR FOR ${groupsSql(kind, lookUp)}`,
      values,
    });
    for (;;) {
      const { rows } = await this.client.query<{ unit: string; units: number; fresh: number }>({
        text: `FETCH ${GROUPS_AT_ONCE} FROM groups`,
      });
      yield* rows;
      if (rows.length < GROUPS_AT_ONCE) break;
    }
    await this.client.query({ text: 'CLOSE groups' });
  }

  #values(ask: PlannedAsk): unknown[] {
    return [this.scope.submission, prefixOf(ask), ...this.#times];
  }
}

/** What keys of answers begin with. */
function prefixOf({ surface, provider }: PlannedAsk): string {
  return `${surface}|${provider.version}|`;
}

/** undefined where the provider makes no limit key of this unit: it is not asked about it. */
function limitKeyOf({ surface, provider }: PlannedAsk, unit: string): string | undefined {
  try {
    return provider.limitKey({ surface, unit });
  } catch {
    return undefined;
  }
}
