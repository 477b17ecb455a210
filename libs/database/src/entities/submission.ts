import type { Lane, SubmissionState } from '@assay/contracts';
import { EntitySchema } from 'typeorm';

/** A row of table `submission`. The driver hands bigint columns over as text. */
export interface Submission {
  id: string;
  state: SubmissionState;
  lane: Lane;
  name: string | null;
  asks: string[];
  lines: string;
  accepted: string;
  duplicate: string;
  rejected: string;
  dispatched: string;
  createdAt: Date;
  completedAt: Date | null;
}

export const SubmissionEntity = new EntitySchema<Submission>({
  name: 'Submission',
  tableName: 'submission',
  columns: {
    id: { type: 'uuid', primary: true },
    state: { type: 'text' },
    lane: { type: 'text' },
    name: { type: 'text', nullable: true },
    asks: { type: 'text', array: true },
    lines: { type: 'bigint' },
    accepted: { type: 'bigint' },
    duplicate: { type: 'bigint' },
    rejected: { type: 'bigint' },
    dispatched: { type: 'bigint' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
    completedAt: { type: 'timestamptz', name: 'completed_at', nullable: true },
  },
});
