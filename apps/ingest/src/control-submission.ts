import { submissionLinks, type SubmissionAccepted } from '@assay/contracts';
import { SubmissionEntity, type OpenDatabase, type Submission } from '@assay/database';
import type { Dispatcher } from './dispatch/dispatcher.js';
import { nextState, type Move } from './next-state.js';
import { Refusal } from './problem.js';
import { isId, unknownSubmission } from './submission-id.js';

/** Somebody else may move it between our reading and our writing; after so many tries we say how it stands. */
const MAX_TRIES = 3;

/**
 * Pauses, resumes, starts and cancels submissions. Of what is dispatched already, calls that are out end either way; no
 * other begins. A pause does not stop deadlines: a dispatched row that waits past its own ends skipped(expired).
 */
export class ControlSubmission {
  constructor(
    private readonly database: OpenDatabase,
    private readonly dispatcher: Dispatcher,
  ) {}

  /** @throws Refusal 404 for an unknown id, 409 where the move does not apply */
  async move(id: string, move: Move): Promise<SubmissionAccepted> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const submission = await this.find(id);
      const { state } = submission;
      const next = nextState({ state, dispatched: Number(submission.dispatched) }, move);
      if (!next.ok) throw new Refusal(409, next.reason);
      if (next.to === state || (await this.write(id, state, next.to))) break;
    }
    this.dispatcher.wake();
    return acceptedOf(await this.find(id));
  }

  private async write(id: string, from: string, to: string): Promise<boolean> {
    const query =
      to === 'cancelled'
        ? { name: 'cancel-submission', text: CANCEL, values: [id, from] }
        : { name: 'move-submission', text: MOVE, values: [id, from, to] };
    return (await this.database.query(query)).rowCount === 1;
  }

  private async find(id: string): Promise<Submission> {
    const found = isId(id) ? await this.database.repository(SubmissionEntity).findOneBy({ id }) : null;
    if (!found) throw unknownSubmission(id);
    return found;
  }
}

function acceptedOf(submission: Submission): SubmissionAccepted {
  const { id, state, lane } = submission;
  const counts = {
    lines: Number(submission.lines),
    accepted: Number(submission.accepted),
    duplicate: Number(submission.duplicate),
    rejected: Number(submission.rejected),
  };
  return { id, state, lane, counts, links: submissionLinks(id) };
}

/** A submission without rows has nothing to run. Fetchers look for what was controlled since they last looked. */
const MOVE = `
UPDATE submission SET state = CASE WHEN $3 = 'running' AND accepted = 0 THEN 'complete' ELSE $3 END,
  completed_at = CASE WHEN $3 = 'running' AND accepted = 0 THEN now() END, controlled_at = clock_timestamp()
WHERE id = $1 AND state = $2`;

/** Rows of a retry that did not go out are final as they are: they are dropped from it, not ended anew. */
const CANCEL = `
WITH gone AS (
  UPDATE submission SET state = 'cancelled', completed_at = NULL, controlled_at = clock_timestamp(),
    cancelled_at = clock_timestamp(),
    retry_rows = retry_dispatched
  WHERE id = $1 AND state = $2
  RETURNING id, gen, retry_seq
), dropped AS (
  DELETE FROM retry_row r USING gone WHERE r.submission = gone.id AND r.gen = gone.gen AND r.seq > gone.retry_seq
)
SELECT id FROM gone`;
