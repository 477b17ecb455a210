import type { Database } from '@assay/database';
import { SCOPES, type Scope, type Tables } from './tables.js';
import type { Wire } from './wire.js';

/** What a statement sees: tables and the clock of the database. */
export interface Session {
  readonly tables: Tables;
  readonly now: number;
  /** Where one of its rules is left out, which must be found. */
  readonly lax: boolean;
}

export interface Statement {
  /** Waits for nobody. */
  readonly reads?: true;
  run(session: Session, values: never): object[];
}

export type Statements = Readonly<Record<string, Statement>>;

interface Query {
  readonly name?: string;
  readonly values?: unknown[];
}

/** An open transaction: whose, and what it has written. */
interface Held {
  readonly by: Wire;
  readonly draft: Partial<Tables>;
}

/**
 * One PostgreSQL for all processes. A statement stands for itself, under its name; a transaction holds the
 * tables it may write, as a whole: what two of them do to the same rows is not what is looked for here.
 */
export class Postgres {
  readonly #held = new Map<Scope, Held>();

  constructor(
    readonly tables: Tables,
    private readonly clock: () => number,
    private readonly statements: Statements,
    private readonly lax: boolean,
    /** Called after every change that others can see. */
    private readonly onChange: () => void,
  ) {}

  /** The connection broke, or its process died: what was not committed never was. */
  abandon(wire: Wire): void {
    for (const [scope, { by }] of this.#held) if (by === wire) this.#held.delete(scope);
  }

  /** `scope`: what its transactions may write; only those of ingest and store have any. */
  connect(wire: Wire, scope?: Scope): Database {
    const query = ({ name, values }: Query) =>
      wire.do(
        `sql ${name}`,
        () => this.#answer(this.#run(name, values)),
        () => this.#statement(name).reads === true || !scope || !this.#held.has(scope),
      );
    const inside = {
      query: async (text: Query | string) =>
        typeof text === 'string' ? this.#answer([]) : this.#answer(this.#run(text.name, text.values, scope)),
    };
    const transaction = async (work: (client: never) => Promise<unknown>) => {
      if (!scope) throw new RangeError('this process has no transactions in the model');
      try {
        await wire.do(
          'begin',
          () => this.#begin(wire, scope),
          () => !this.#held.has(scope),
        );
        const result = await work(inside as never);
        await wire.do('commit', () => this.#commit(scope));
        return result;
      } catch (error) {
        this.abandon(wire);
        throw error;
      }
    };
    return { query, transaction } as unknown as Database;
  }

  #begin(by: Wire, scope: Scope): void {
    const draft: Record<string, unknown> = {};
    for (const table of SCOPES[scope]) draft[table] = new Map(this.tables[table] as Map<string, unknown>);
    this.#held.set(scope, { by, draft: draft as Partial<Tables> });
  }

  #commit(scope: Scope): void {
    Object.assign(this.tables, this.#held.get(scope)!.draft);
    this.#held.delete(scope);
    this.onChange();
  }

  #run(name: string | undefined, values: unknown[] = [], inside?: Scope): object[] {
    const draft = inside && this.#held.get(inside)?.draft;
    const tables = draft ? { ...this.tables, ...draft } : this.tables;
    const { lax } = this;
    const rows = this.#statement(name).run({ tables, lax, now: this.clock() }, values as never);
    if (!inside) this.onChange();
    return rows;
  }

  #statement(name: string | undefined): Statement {
    const statement = this.statements[name ?? ''];
    if (!statement) throw new RangeError(`the model knows no statement ${name}: see test/model/sql`);
    return statement;
  }

  #answer(rows: object[]): { rows: object[]; rowCount: number } {
    return { rows, rowCount: rows.length };
  }
}
