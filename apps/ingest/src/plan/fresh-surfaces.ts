import type { Database } from '@assay/database';
import { COUNT_FRESH, FRESH_SURFACES } from './units-sql.js';

type Client = Parameters<Parameters<Database['transaction']>[0]>[0];

/** Units of shorter lists are looked up at once; finding out first what is worth it would take longer. */
const LONG_ROWS = 20_000;
/** Beyond so many answers every surface is likely to have some. */
const MOST_ANSWERS = 1_000_000;

/** Which surfaces have answers at all that are fresh enough: for the others a million keys need not be made. */
export class FreshSurfaces {
  /** undefined: any may have some. */
  #found: Promise<ReadonlySet<string> | undefined> | undefined;

  /** `times`: not expired then, not fetched before. */
  constructor(
    private readonly client: Client,
    private readonly times: readonly [Date, Date],
    private readonly rows: number,
  ) {}

  /** @param surface with its adapter's version: `moz.url|1|` */
  async has(surface: string): Promise<boolean> {
    this.#found ??= this.#find();
    return (await this.#found)?.has(surface) ?? true;
  }

  async #find(): Promise<ReadonlySet<string> | undefined> {
    const values = [...this.times, MOST_ANSWERS];
    const counted = await this.client.query<{ fresh: number }>({ text: COUNT_FRESH, values });
    const { fresh } = counted.rows[0]!;
    if (fresh === 0) return new Set();
    if (fresh > MOST_ANSWERS || this.rows < LONG_ROWS) return undefined;
    const { rows } = await this.client.query<{ surface: string }>({
      text: FRESH_SURFACES,
      values: [...this.times],
    });
    return new Set(rows.map(({ surface }) => surface));
  }
}
