import { StoreLanes } from '../../apps/store/src/store-lanes.js';
import type { Postgres } from './database.js';
import type { Surroundings } from './joiner.js';
import { Member, type MemberSettings } from './member.js';

/** The store of the product. */
export class Store extends Member {
  constructor(
    name: string,
    postgres: Postgres,
    reader: MemberSettings,
    private readonly around: Surroundings,
  ) {
    super(name, postgres, reader);
    this.start();
  }

  protected override begin(): void {
    this.forget();
    const database = this.postgres.connect(this.wire, 'store');
    const rows = new StoreLanes({ database, bulkFlushMs: 0, clock: this.around.clock });
    this.handle = (message, value, context) =>
      message === 'url.submitted' ? rows.submitted(value, context) : rows.joined(value, context);
  }
}
