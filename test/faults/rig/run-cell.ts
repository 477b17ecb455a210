import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@assay/testing';
import { seeded } from '../../governor/seeded.js';
import { longestStandstill, progressOf, rowFaults } from '../row-watch.js';
import { hashed, linesOf, optionsOf, DEADLINE_MS } from './cell-list.js';
import type { Cell } from './cells.js';
import { check, type Report } from '../checker/check.js';
import { begin, type Around } from './circumstances.js';
import { momentOf, sharesOf } from './moments.js';
import { ownAssertion, type OwnAssertion } from './own-assertions.js';
import { boundOf, wordsOf, type CellResult } from './result.js';
import type { RigSystem } from './rig-system.js';
import { strike, type Struck } from './strike.js';

/** From the last blow on: the deadline of what was dispatched last, its sweep (3 s), and a busy machine. */
const COMPLETE_WITHIN_MS = DEADLINE_MS + 30_000;
/** All that was said has been read, what was claimed is ended, what was owed is paid. */
const AT_REST_WITHIN_MS = 30_000;
/** Between these shares of final rows a blow must fall, or it was none: a busy machine may be late. */
const SHARES = { least: 0.2, most: 0.85 };
/** PostgreSQL may be what was hit before: the share of then is told. */
const SHARE_WITHIN_MS = 500;
/** The second of two blows at once falls so long after the first at most. */
const TOGETHER_MS = 2_000;

export type Say = (text: string) => void;

export interface Given {
  readonly rig: RigSystem;
  /** What is run, as git names it. */
  readonly commit: string;
  readonly say: Say;
}

/** One list, its blows and its check, on a system that is well and quiet. */
export async function runCell({ rig, commit, say }: Given, cell: Cell, seed: number): Promise<CellResult> {
  const started = performance.now();
  const random = seeded(hashed(`${cell.name} ${seed}`));
  await rig.test.simulator.resetCounts();
  const since = await rig.now();
  const around = await begin(rig, cell, random);
  const own = ownAssertion(rig, cell, say);
  const run = new CellRun(rig, cell, around, own, since, say);
  const faults: string[] = [];
  const attempt = async <T>(work: () => Promise<T>) =>
    work().catch((error: Error) => void faults.push(whereItFailed(error)));
  await attempt(async () => own.begin?.());
  await attempt(() => run.list(linesOf(cell, seed)));
  await attempt(() => run.blows(random));
  await attempt(() => run.complete());
  await attempt(() => around.undo());
  await attempt(async () => faults.push(...(await run.ownFaults())));
  const checked = run.id === '' ? undefined : await attempt(() => run.check());
  const recoveryS = (await attempt(() => run.recoveryS())) ?? 0;
  await attempt(() => run.drop());
  if (recoveryS > boundOf(cell)) faults.push(`${recoveryS} s without a new final row: over ${boundOf(cell)}`);
  if (checked && checked.rows !== cell.rows)
    faults.push(`${checked.rows} of ${cell.rows} rows were looked at`);
  faults.push(...wordsOf(checked?.faults ?? []));
  return {
    cell: cell.name,
    seed,
    commit,
    at: new Date().toISOString(),
    circumstance: cell.circumstance,
    ok: faults.length === 0,
    faults,
    rows: checked?.rows ?? 0,
    lost: checked?.lost ?? 0,
    doubled: (checked?.doubled ?? 0) + (checked?.faultsByKind['bought-twice'] ?? 0),
    recoveryS,
    blows: run.struck.map(({ at: _at, over: _over, ...blow }) => blow),
    poison: around.poison(),
    unanswered: run.unanswered,
    seconds: Math.round((performance.now() - started) / 100) / 10,
    load: Math.round(loadavg()[0]! * 10) / 10,
  };
}

/** With the places that it came by, where that is not told by its words. */
function whereItFailed({ message, stack = '' }: Error): string {
  const places = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return [message, ...places.slice(0, 4).map((place) => place.trim())].join(' ').slice(0, 900);
}

type StruckAt = Struck & { readonly atShare: number };

class CellRun {
  readonly struck: StruckAt[] = [];
  id = '';
  unanswered = 0;
  #folder = '';
  #unansweredMs = 0;
  /** Of the rows that are final, when it was looked last. */
  #share = 0;
  #alone = false;

  constructor(
    private readonly rig: RigSystem,
    private readonly cell: Cell,
    private readonly around: Around,
    private readonly own: OwnAssertion,
    private readonly since: Date,
    private readonly say: Say,
  ) {}

  async list(lines: readonly string[]): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), 'assay-cell-'));
    await writeFile(join(this.#folder, 'urls.txt'), lines.join('\n'));
    ({ id: this.id } = await this.rig.test.api.submit(lines, optionsOf(this.cell)));
    this.say(`${lines.length} lines, submission ${this.id}`);
  }

  async blows(random: () => number): Promise<void> {
    const shares = sharesOf(this.cell, random);
    const { blows, together, rows } = this.cell;
    const all: Promise<unknown>[] = [];
    for (const [index, blow] of blows.entries()) {
      const later = together && index > 0;
      if (!later) this.#share = await momentOf(this.rig, this.id, rows, shares[index]!, blow);
      if (index === 0) await this.around.beforeBlow();
      if (later) await pause(random() * TOGETHER_MS);
      // A dispatch is met in its instant.
      if (blow.victim !== 'ingest') await this.#look();
      const atShare = this.#share;
      const fallen = strike(this.rig, blow, random, async () => this.own.down?.()).then(async (struck) => {
        this.struck.push({ ...struck, atShare: Math.round(atShare * 100) / 100 });
        if (blow.victim === 'query') await this.#answering(struck);
        this.say(`${blow.fault} of ${blow.victim} at ${Math.round(atShare * 100)} % of ${rows} rows, over`);
      });
      if (together) all.push(fallen);
      else await fallen;
    }
    await Promise.all(all);
    await this.around.afterBlow();
  }

  async #look(): Promise<void> {
    const { rig, id } = this;
    const seen = progressOf(rig.test.database, id).catch(() => undefined);
    const progress = await Promise.race([seen, pause(SHARE_WITHIN_MS, undefined)]);
    if (progress) this.#share = progress.final / this.cell.rows;
  }

  async complete(): Promise<void> {
    const view = await this.rig.test.api.finished(this.id, COMPLETE_WITHIN_MS);
    this.#alone = this.around.joined?.() === false;
    this.unanswered = view.cells.failed + view.cells.skipped;
    this.say(`complete: ${JSON.stringify(view.cells)}`);
  }

  /** What this cell alone asserts, and that its blows fell in time. */
  async ownFaults(): Promise<string[]> {
    const view = await this.rig.test.api.submission(this.id);
    const fallen = await rowFaults(this.rig.test.database, this.id);
    // Of two at once the first has its moment, and the second follows.
    const timed = this.cell.together ? this.struck.slice(0, 1) : this.struck;
    const late = timed.filter(({ atShare }) => atShare < SHARES.least || atShare > SHARES.most);
    return [
      ...fallen.map((row) => `a version fell: ${JSON.stringify(row)}`),
      ...late.map(
        ({ fault, victim, atShare }) => `${fault} of ${victim} fell when ${atShare} of the rows were final`,
      ),
      ...(this.#alone ? ['the second process did not join before all was done'] : []),
      ...(await this.own.faults(this.struck, view)),
    ];
  }

  check(): Promise<Report> {
    const { databaseUrl, brokers, simulator } = this.rig.test;
    return check({
      inputFile: join(this.#folder, 'urls.txt'),
      submission: this.id,
      databaseUrl,
      brokers,
      simulatorUrl: simulator.address,
      since: this.since,
      restWithinMs: AT_REST_WITHIN_MS,
    });
  }

  /** Longest time without a new final row, or without an answer of query, since a blow was over, whichever it was. */
  async recoveryS(): Promise<number> {
    const { database } = this.rig.test;
    const standstills = await Promise.all(
      this.struck.map(({ over }) => longestStandstill(database, this.id, over)),
    );
    return Math.round(Math.max(0, this.#unansweredMs, ...standstills) / 100) / 10;
  }

  /** Rows need no query: whoever looks at them does. */
  async #answering({ over }: Struck): Promise<void> {
    await eventually(
      () => this.rig.test.api.submission(this.id).catch(() => undefined),
      Boolean,
      COMPLETE_WITHIN_MS,
    );
    this.#unansweredMs = Math.max(this.#unansweredMs, Date.now() - over.getTime());
  }

  async drop(): Promise<void> {
    if (this.#folder) await rm(this.#folder, { recursive: true });
  }
}
