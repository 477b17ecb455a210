import { Inject, Injectable } from '@nestjs/common';
import type { Database } from '@assay/database';
import { SubmissionReader } from '../submissions/submission-reader.js';
import { DATABASE } from '../tokens.js';
import type { CostView } from './cost-shape.js';
import { costView, type CostRecord } from './cost-view.js';

const COST = `
SELECT c.provider, c.charged, count(*)::text AS calls, sum(c.requests)::text AS requests, sum(s.units)::text AS units,
  sum(s.cost)::text AS micro_usd
FROM (SELECT call, sum(units) AS units, sum(cost_micro_usd) AS cost FROM call_share
  WHERE submission = $1 GROUP BY call) s
JOIN call c ON c.id = s.call
GROUP BY c.provider, c.charged`;

/** Reads what a submission cost from the ledger. */
@Injectable()
export class CostReader {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly submissions: SubmissionReader,
  ) {}

  /** @throws ProblemError 404 */
  async view(id: string): Promise<CostView> {
    await this.submissions.record(id);
    const { rows } = await this.database.query<CostRecord & Record<string, unknown>>({
      name: 'submission-cost',
      text: COST,
      values: [id],
    });
    return costView(id, rows);
  }
}
