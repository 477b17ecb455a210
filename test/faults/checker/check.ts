import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { checkCounts } from './check-counts.js';
import { checkDead } from './check-dead.js';
import { checkLag } from './check-lag.js';
import { checkLedger } from './check-ledger.js';
import { checkLines } from './check-lines.js';
import { checkMessages } from './check-topics.js';
import { checkOpen } from './check-open.js';
import { checkRows } from './check-rows.js';
import { inputLines } from './input-lines.js';
import { readTopics, type TopicContents } from './read-topics.js';
import { Findings, type Report } from './report.js';
import { readSubmission, type Scene } from './scene.js';
import { closeSources, openSources, type Sources } from './sources.js';

export type { Fault, FaultKind, Report } from './report.js';

export interface CheckInput {
  /** The list as it was handed in, a URL a line. */
  readonly inputFile: string;
  /** Id of the submission that it became. */
  readonly submission: string;
  readonly databaseUrl: string;
  /** Host and port of one or more brokers, comma-separated. */
  readonly brokers: string;
  /** Of the simulator's control endpoint. */
  readonly simulatorUrl: string;
  /** `topic:partition:offset` of messages that were planted to die; those with a header `poison` need not be named. */
  readonly poison?: readonly string[];
  /** When the simulator last forgot its counts, by the database's clock. Default: never. */
  readonly since?: Date;
  /** Nothing was disturbed: each outcome must be the truth's, not only each number. */
  readonly strict?: boolean;
  /** How long offsets, claims and the like may take to come to rest. Default 20 s. */
  readonly restWithinMs?: number;
}

const REST_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 250;

/**
 * Proves by input file, simulator, tables and topics alone what became of a submission. The system must be at rest.
 * @throws where one of them cannot be read; what is wrong with the data is a fault of the report
 */
export async function check(input: CheckInput): Promise<Report> {
  const sources = await openSources(input);
  try {
    return await checkFrom(sources, input);
  } finally {
    await closeSources(sources);
  }
}

/** With sources that are open; `read`: what lies in the topics, where that is known already. */
export async function checkFrom(sources: Sources, input: CheckInput, read?: TopicContents): Promise<Report> {
  const { submission: id, strict = false } = input;
  const list = await readFile(input.inputFile, 'utf8');
  await readSubmission(sources.database, id);
  const findings = await atRest(sources, input);
  const topics = read ?? (await readTopics(sources, id, new Set(input.poison)));
  const submission = await readSubmission(sources.database, id);
  const scene: Scene = { ...sources, submission, topics, findings, strict };
  const accepted = await checkLines(scene, inputLines(list));
  checkMessages(scene, accepted);
  checkDead(scene);
  await checkRows(scene, accepted);
  await checkCounts(scene);
  await checkLedger(scene, input.since ?? new Date(0));
  return findings.report(id);
}

/** Looks at what may still be on its way until nothing is, or for so long. */
async function atRest({ database, admin }: Sources, input: CheckInput): Promise<Findings> {
  const deadline = Date.now() + (input.restWithinMs ?? REST_WITHIN_MS);
  for (;;) {
    const findings = new Findings();
    await checkOpen(database, input.submission, findings);
    await checkLag(admin, findings);
    if (findings.report('').faults.length === 0 || Date.now() > deadline) return findings;
    await wait(LOOK_EVERY_MS);
  }
}
