import type { SubmissionView } from '@assay/contracts';
import { setTimeout as pause } from 'node:timers/promises';
import type { ApiClient } from './api-client.js';
import { hasEnded, progressLine, progressLines, rowsPerSecond, type Sample } from './progress.js';
import type { ProviderLine } from './provider-lines.js';
import { news, ProviderWatch, type Patience } from './provider-watch.js';
import { rowTable } from './row-table.js';
import { LiveLines, type Terminal } from './screen.js';
import { brokenSums, countLines, placeLines } from './summary.js';

const LOOK_EVERY_MS = 250;
const TABLE_ROWS = 15;
const SAMPLES_KEPT = 200;
/** An API that stops answering is waited for this long: query may just be starting again. */
const SILENT_FOR_MS = 30_000;

export interface ListRun {
  readonly api: ApiClient;
  /** File, or `-`. */
  readonly list: string;
  readonly name: string;
  readonly out: Terminal;
  readonly live: LiveLines;
  readonly logFolder: string;
  readonly patience: Patience;
  readonly signal: AbortSignal;
}

/** Hands a list in, shows it running, prints what came of it. Resolves early when `signal` is aborted. */
export async function runList(run: ListRun): Promise<void> {
  const accepted = await run.api.submit(run.list, run.name);
  const { counts } = accepted;
  run.live.say(
    `Handed in ${counts.lines} lines of ${run.list === '-' ? 'standard input' : run.list}: ${counts.accepted} accepted, ${counts.duplicate} duplicate, ${counts.rejected} rejected.`,
  );
  const view = await follow(run, accepted.id);
  if (!view) return;
  const rows = await run.api.firstRows(accepted.id, TABLE_ROWS);
  const { out } = run;
  out.write(`\n${rowTable(rows, out.columns ?? 100)}\n`);
  out.write(
    `  first ${rows.length} of ${view.rows.total} rows; A recs = IPv4 records, OPR = Open PageRank,\n`,
  );
  out.write(
    '  PA and DA = Moz page and domain authority. A word in place of a number says why there is none.\n\n',
  );
  for (const line of [...countLines(view), '', ...placeLines(run.api.address, view, run.logFolder)])
    out.write(`${line}\n`);
  for (const fault of brokenSums(view))
    out.write(`  The counts do not add up: ${fault}. This is a fault of Assay.\n`);
}

async function follow(run: ListRun, id: string): Promise<SubmissionView | undefined> {
  const startedAt = Date.now();
  const watch = new ProviderWatch(run.api, run.patience);
  let said: readonly ProviderLine[] = [];
  let samples: Sample[] = [];
  while (!run.signal.aborted) {
    const view = await patiently(run, id);
    const now = Date.now();
    samples = [...samples.slice(-SAMPLES_KEPT), { at: now, final: view.rows.final }];
    const rate = rowsPerSecond(samples);
    const elapsed = now - startedAt;
    if (hasEnded(view)) {
      run.live.clear();
      run.live.say(progressLine(view, (view.rows.final * 1_000) / Math.max(1, elapsed), elapsed));
      return view;
    }
    const troubles = watch.lines(view.lane, now);
    run.live.show(
      [...progressLines(view, rate, elapsed), ...troubles.map(({ text }) => text)],
      () => {
        const lines = [progressLine(view, rate, elapsed), ...news(said, troubles)];
        said = troubles;
        return lines.join('\n');
      },
      now,
    );
    await pause(LOOK_EVERY_MS, undefined, { signal: run.signal }).catch(() => undefined);
  }
  return undefined;
}

async function patiently(run: ListRun, id: string): Promise<SubmissionView> {
  const deadline = Date.now() + SILENT_FOR_MS;
  for (;;) {
    try {
      return await run.api.submission(id);
    } catch (error) {
      if (run.signal.aborted || Date.now() > deadline) throw error;
      await pause(LOOK_EVERY_MS);
    }
  }
}
