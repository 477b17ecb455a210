import { submissionLinks, type SubmissionAccepted } from '@assay/contracts';
import { SubmissionEntity, type OpenDatabase, type Submission } from '@assay/database';
import type { Dispatcher } from './dispatch/dispatcher.js';
import { nextState, type Move } from './next-state.js';
import { Refusal } from './problem.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Pauses, resumes and starts submissions. What is dispatched already goes on either way. */
export class ControlSubmission {
  constructor(
    private readonly database: OpenDatabase,
    private readonly dispatcher: Dispatcher,
  ) {}

  /** @throws Refusal 404 for an unknown id, 409 where the move does not apply */
  async move(id: string, move: Move): Promise<SubmissionAccepted> {
    const submission = await this.find(id);
    const next = nextState(submission.state, move);
    if (!next.ok) throw new Refusal(409, next.reason);
    await this.database.query({ name: 'move-submission', text: MOVE, values: [id, next.from, next.to] });
    this.dispatcher.wake();
    return acceptedOf(await this.find(id));
  }

  private async find(id: string): Promise<Submission> {
    const found = UUID.test(id) ? await this.database.repository(SubmissionEntity).findOneBy({ id }) : null;
    if (!found)
      throw new Refusal(404, `There is no submission ${id.slice(0, 64)}: use the id that its 202 gave.`);
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

/** A submission without rows has nothing to run. */
const MOVE = `
UPDATE submission SET state = CASE WHEN $3 = 'running' AND accepted = 0 THEN 'complete' ELSE $3 END,
  completed_at = CASE WHEN $3 = 'running' AND accepted = 0 THEN now() END
WHERE id = $1 AND state = $2`;
